# SPDX-License-Identifier: GPL-2.0-or-later
# Files and directories made under a default ACL inherit it, and the umask does not count.
mkdir "$L/d"
setfacl -d -m u:1000:rwx,g::rx,o::- "$L/d" || skip "no ACLs on this file system"
overlay_mount
umask 077
sys open "$M/d/f" wronly,creat 666
sys mkdir "$M/d/sub" 777
sys mknod "$M/d/p" p 0 0 666
mode_is "$M/d/f" 660
mode_is "$M/d/sub" 770
mode_is "$M/d/p" 660
acl() { getfacl -nc "$1" 2>/dev/null | grep -v '^$' | tr '\n' ' '; }
same 'user::rw- user:1000:rwx #effective:rw- group::r-x #effective:r-- mask::rw- other::--- ' \
	"$(acl "$M/d/f" | tr -s '\t' ' ')" "ACL of the file"
case $(acl "$M/d/sub") in
*default:user:1000:rwx*default:other::---*) ;;
*) fail "ACL of the directory: $(acl "$M/d/sub")" ;;
esac
mkdir "$M/d/sub/sub"
mode_is "$M/d/sub/sub" 770
same "$(acl "$M/d/f")" "$(acl "$U/d/f")" "ACL in the upper layer"
overlay_remount
mode_is "$M/d/f" 660
case $(acl "$M/d/sub/sub") in *default:user:1000:rwx*) ;; *) fail "not inherited twice" ;; esac
