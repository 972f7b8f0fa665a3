# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of fuse-overlay for bash. Inside the argument of -o it completes the last word: option
# names, the values that an option allows, and directories after lowerdir=, upperdir=, workdir=.

# The words that may follow what stands before the last ',' of an -o argument.
_fuse_overlay_words() {
	local word=$1
	local names='lowerdir= lowerdir+= datadir+= upperdir= workdir= redirect_dir= index= metacopy=
		verity= nfs_export= xino= userxattr noacl static_nlink uuid= uidmapping= gidmapping=
		squash_to_root squash_to_uid= squash_to_gid= xattr_permissions= volatile fsync=
		timeout= threads= writeback io_uring= passthrough= ro rw suid nosuid dev nodev exec noexec atime noatime nodiratime relatime
		strictatime lazytime nosymfollow sync async dirsync allow_other fsname= subtype= context= fscontext= defcontext= rootcontext='
	local value=${word#*=}
	case $word in
	redirect_dir=*) compgen -P redirect_dir= -W 'on follow nofollow off' -- "$value" ;;
	index=* | metacopy=* | nfs_export=*)
		compgen -P "${word%%=*}=" -W 'on off' -- "$value"
		;;
	verity=*) compgen -P verity= -W 'on require off' -- "$value" ;;
	io_uring=*) compgen -P io_uring= -W 'on auto off' -- "$value" ;;
	passthrough=*) compgen -P passthrough= -W 'on auto off' -- "$value" ;;
	xino=*) compgen -P xino= -W 'on off auto' -- "$value" ;;
	uuid=*) compgen -P uuid= -W 'on off null auto' -- "$value" ;;
	fsync=*) compgen -P fsync= -W '0 1 auto strict volatile' -- "$value" ;;
	xattr_permissions=*) compgen -P xattr_permissions= -W '0 1 2' -- "$value" ;;
	lowerdir=*:*) compgen -P "${word%:*}:" -S / -d -- "${word##*:}" ;;
	lowerdir=* | lowerdir+=* | datadir+=* | upperdir=* | workdir=*)
		compgen -P "${word%%=*}=" -S / -d -- "$value"
		;;
	*) compgen -W "$names" -- "$word" ;;
	esac
}

# bash cuts words at '=' and ':', and completes the last piece: both have to be undone.
_fuse_overlay() {
	local line=${COMP_LINE:0:COMP_POINT}
	local current=${line##*[[:space:]]} words=${line%"${line##*[[:space:]]}"}
	local argument piece done_part
	COMPREPLY=()
	if [[ $words =~ [[:space:]]-o[[:space:]]+$ ]]; then
		argument=$current
	elif [[ $current == -o?* ]]; then
		argument=${current#-o}
	elif [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '-o -f -d -s -r -w -t -h --help -V --version' -- "$current")
		return
	else
		compopt -o dirnames
		return
	fi
	piece=${argument##*,}
	mapfile -t COMPREPLY < <(_fuse_overlay_words "$piece")
	# What readline takes for the word begins after the last '=' or ':'.
	done_part=${current%"$piece"}
	COMPREPLY=("${COMPREPLY[@]/#/$done_part}")
	piece=${current%"${current##*[=:]}"}
	COMPREPLY=("${COMPREPLY[@]#"$piece"}")
	compopt -o nospace
}
complete -F _fuse_overlay fuse-overlay fuse-overlayfs
