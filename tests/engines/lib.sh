# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The words that the steps are written in: `bash lib.sh STEP` runs one. Variables: see contender, and
#
#   ROOT    the graph root: the store
#   RUN     the run root (podman allows it 50 characters)
#   PLAIN   a plain directory on which the same is done as in the container
#   IMAGE   the base image's name

# shellcheck disable=SC2034,SC2153 # the steps use them; run.sh sets NAME
ROOT=$OWN/store RUN=/run/$NAME/run PLAIN=$OWN/plain IMAGE=localhost/base
export HOME=$OWN/home XDG_RUNTIME_DIR=/run/$NAME/xdg TMPDIR=$OWN/tmp
export CONTAINERS_STORAGE_CONF=$OWN/storage.conf CONTAINERS_CONF=$OWN/containers.conf
export CONTAINERS_REGISTRIES_CONF=$OWN/registries.conf BUILDAH_ISOLATION=
unset BUILDAH_ISOLATION

# --- the engines' configuration, which is private ---

# storage_conf FILE ROOT RUN [MORE OPTION LINES]
storage_conf() {
	{
		printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrootless_storage_path = "%s"\nrunroot = "%s"\n' "$2" "$2" "$3"
		echo '[storage.options]'
		[ -z "${4-}" ] || echo "$4"
		echo '[storage.options.overlay]'
		case $KIND in
		kernel) ;;
		naive) echo 'mountopt = "redirect_dir=on"' ;;
		*) echo "mount_program = \"$FUSE_OVERLAY\"" ;;
		esac
	} >"$1"
}

make_configuration() {
	local runtime=crun
	# crun 1.8 refuses cgroups of both versions side by side.
	[ ! -d /sys/fs/cgroup/unified ] || runtime=runc
	mkdir -p "$HOME" "$TMPDIR" "$OWN/tmpdir"
	mkdir -m 0700 "$XDG_RUNTIME_DIR"
	storage_conf "$CONTAINERS_STORAGE_CONF" "$ROOT" "$RUN"
	# Between 1.43 and 2023-04 containers/storage shifted ids twice where it could mount lowers with
	# other ids and had a mount program: this tells it that it cannot.
	mkdir -p "$RUN/overlay"
	touch "$RUN/overlay/idmapped-lower-dir-false"
	cat >"$CONTAINERS_CONF" <<-END
		[containers]
		netns = "none"
		default_ulimits = ["nofile=20000:20000", "nproc=8192:8192"]
		log_driver = "k8s-file"
		[engine]
		tmp_dir = "$OWN/tmpdir"
		runtime = "$runtime"
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		image_copy_tmp_dir = "$TMPDIR"

		[network]
		network_config_dir = "$OWN/networks"
	END
	: >"$OWN/registries.conf"
	echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$OWN/policy.json"
}

# --- words ---

fail() {
	trap - ERR
	echo "FAIL $*"
	exit 1
}

skip() {
	echo "SKIP $*"
	exit 77
}

# As root of the namespace in which the files of the store have the owners that containers see.
inside() {
	if [ "$WHO" = root ]; then
		"$@"
	else
		podman unshare "$@"
	fi
}

same() { [ "$1" = "$2" ] || fail "${3-value}: is '$2', should be '$1'"; }
fails() { if "$@"; then fail "$*: succeeded, should fail"; fi; }

# dump DIR FILE: the tree as text. A time since the tests began is just "now"; the root itself and
# what engines put into every container are left out.
dump() {
	inside "$TREEDUMP" --no-nlink --exclude=./proc --exclude=./sys \
		--exclude=./dev --exclude=./run --exclude=./etc/hostname --exclude=./etc/hosts \
		--exclude=./etc/resolv.conf "$1" >"$2.raw"
	sed -E 's/ mtime=(1[6-9]|[2-9].)[0-9]{8}\.[0-9]*/ mtime=now/; /^\. /d' "$2.raw" >"$2"
	rm "$2.raw"
}

# Layers are archives, for which engines read user.* xattrs with a value and capabilities, no others (no
# ACLs); and of a directory whose time alone has changed nothing gets into them.
as_archived() {
	sed -E 's/ xattr:system\.posix_acl_[a-z]*=[^ ]*//g; s/ xattr:[^ ]*=( |$)/\1/g; / type=d /s/ mtime=[^ ]*//' "$1"
}

# same_tree EXPECTED ACTUAL WHAT: of two files that dump made.
same_tree() {
	if ! diff "$1" "$2" >"$2.diff"; then
		head -n 20 "$2.diff" | cut -c 1-250
		fail "$3: $(grep -c '^[<>]' "$2.diff") lines of the tree differ"
	fi
	rm "$2.diff"
}

same_archived() {
	as_archived "$1" >"$OWN/expected.archived"
	as_archived "$2" >"$OWN/actual.archived"
	same_tree "$OWN/expected.archived" "$OWN/actual.archived" "$3"
}

# dump_image IMAGE FILE, dump_container CONTAINER FILE
dump_image() {
	local path
	path=$(inside podman image mount "$1")
	dump "$path" "$2"
	inside podman image unmount "$1" >/dev/null
}

dump_container() {
	local path
	path=$(inside podman mount "$1")
	dump "$path" "$2"
	inside podman umount "$1" >/dev/null
}

# image_is IMAGE EXPECTED WHAT: the image's tree is the one in the file EXPECTED
image_is() {
	dump_image "$1" "$OWN/actual"
	same_archived "$2" "$OWN/actual" "$3"
}

container_is() {
	dump_container "$1" "$OWN/actual"
	same_tree "$2" "$OWN/actual" "$3"
}

unpack_base() {
	mkdir -p "$1"
	inside tar --numeric-owner --xattrs --xattrs-include='*' -C "$1" -xpf "$BASE.tar"
}

# change_plain DIR SCRIPT: what a container would do, in a plain directory
# shellcheck disable=SC2016 # for the inner shell
change_plain() {
	inside unshare --mount --propagation private -- /bin/bash -euc \
		'mount --rbind /dev "$1/dev"; exec chroot "$1" /bin/sh -euxc "$2"' plain "$1" "$(cat "$2")"
}

changes() { printf '%s\n' "$HERE"/changes/*; }
expected() { echo "$OWN/trees/$(basename "$1")"; }
last_expected() { expected "$(changes | tail -n 1)"; }

# Ends and removes a container. podman 4.3 is not always done with its own mounts when it has killed one
# ("userdata/shm: device or resource busy"; that is a tmpfs, of which our daemon knows nothing): then again.
remove_container() {
	local tries
	for tries in 1 2 3 4 5; do
		if podman rm -f -t 0 "$1"; then
			return
		fi
		echo "once more ($tries): podman rm $1"
		sleep 1
	done
	fail "podman rm $1"
}

# reset_store [OPTION...]: everything of the store goes. podman 4.3 stumbles over events that a process of its own
# still writes ("events: directory not empty"): then again.
reset_store() {
	local tries
	for tries in 1 2 3 4 5; do
		if podman "$@" system reset --force; then
			return
		fi
		echo "once more ($tries): podman system reset"
		sleep 1
	done
	fail 'podman system reset'
}

# build TAG [OPTION]... <Containerfile, in the current directory
build() { podman build --quiet --network none -t "$1" "${@:2}" -f - .; }

# timed NAME CMD...: the seconds get a line of their own in the table.
timed() {
	local what=$1 begin=${EPOCHREALTIME/./} took
	shift
	"$@"
	took=$((${EPOCHREALTIME/./} - begin))
	printf 'TIME %s %d.%d\n' "$STEP_NAME-$what" $((took / 1000000)) $((took / 100000 % 10)) >>"$RESULTS/verdicts"
}

# The daemons and the mounts of this contender's stores.
daemons() { pgrep -f "^$FUSE_OVERLAY .*$OWN/" || true; }

# Nothing is mounted and no daemon runs; a daemon is given a moment to end.
# shellcheck disable=SC2016 # for awk
check_nothing_mounted() {
	local i mounts
	for ((i = 0; i < 100; i++)); do
		mounts=$(inside awk -v t="$OWN/" 'index($5, t) == 1 && $5 ~ /merge/ {print $5}' /proc/self/mountinfo)
		[ -n "$mounts$(daemons)" ] || return 0
		sleep 0.05
	done
	fail "left: $mounts $(daemons)"
}

# Of every layer of a store, with all marks.
# shellcheck disable=SC2016 # for the inner shell
store_hash() {
	inside bash -euc '"$2" --private --hash "$1"/overlay/*/diff' store_hash "$1" "$TREEDUMP" | sha256sum
}

# --- running a step ---

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	set -eEu -o pipefail
	trap 'echo "FAIL line ${BASH_LINENO[0]}: $BASH_COMMAND (exit status $?)"' ERR
	STEP=$1 STEP_NAME=${1##*/}
	cd "$OWN"
	mkdir -p context trees
	cd context
	set -x
	# shellcheck source=/dev/null
	. "$STEP"
	check_nothing_mounted
fi
