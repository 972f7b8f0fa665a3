# SPDX-License-Identifier: GPL-2.0-or-later
"""
The invocations of real callers, word for word but for the directories, and what each expects. Where they are
from: podman, buildah, containers/storage, containerd, dockerd, Apptainer, enroot: read in their sources or
recorded; mount(8), mount.fuse3, fstab, systemd: tried.

{G} is a store like that of containers/storage: {G}/l/AAAA and BBBB are symbolic links to two layers, the first on
top; {G}/id is the container's own layer. {P} is the program, {Q} the same by the name fuse-overlayfs, {N} and {NF}
are those names as found in PATH. {S} is a directory of somebody else's, of the same content; {C} a directory of the
caller's own with upper, work, lower and merge in it.
"""
from dataclasses import dataclass

RW = "upperdir={G}/id/diff,workdir={G}/id/work"
LAYERS = "lowerdir={G}/l/AAAA:{G}/l/BBBB"
LABEL = 'context="system_u:object_r:container_file_t:s0:c1,c2"'
CONTAINERD_RW = ["-o", "workdir={G}/id/work", "-o", "upperdir={G}/id/diff", "-o", "lowerdir={G}/l/AAAA:{G}/l/BBBB"]


@dataclass
class Call:
    name: str
    argv: list
    target: str = "{G}/id/merged"
    # engine: /dev/null and a pipe as stderr, read to its end; null: /dev/null only; output: stdout and stderr in
    # one pipe, read to its end; poll: runs in the foreground, and the mount is looked for in mountinfo.
    how: str = "engine"
    # put: fusermount3 -u, else umount -l, and merged.1 is renamed over the mount point; umount: umount(2) without
    # flags; umount8: umount(8).
    end: str = "put"
    writable: bool = True
    upper: str = "{G}/id/diff"
    source: str = "fuse-overlay"
    type: str = "fuse.fuse-overlay"
    flags: str = "nodev"           # of rw (or ro), nosuid, nodev, noexec: those that mountinfo shows
    runs_as: str = "root user"     # root; root of an ordinary user's namespace; plain: that user, without
    shows: str = "d f g"
    before: str = ""               # words of prepare() in run.py
    ambient: bool = False          # with CAP_SYS_ADMIN and CAP_SYS_PTRACE as ambient capabilities


def storage(name, options, **more):
    """containers/storage: always four words, the program with its whole path."""
    return Call(name, ["{P}", "-o", options, "{G}/id/merged"], **more)


def overlay_volume(name, options, **more):
    """buildah's pkg/overlay: all three descriptors are /dev/null; root unmounts without MNT_DETACH."""
    return Call(name, ["{P}", "-o", options, "{C}/merge"], target="{C}/merge", how="null", end="umount",
                upper="{C}/upper", **more)


def known_name(name, argv, **more):
    return Call(name, argv, **{"source": "fuse-overlayfs", "type": "fuse.fuse-overlayfs", **more})


def containerd(name, words, **more):
    return known_name(name, ["mount.fuse3", "overlay", "{G}/id/merged", *words, "-t", "fuse-overlayfs"],
                      **{"how": "output", "source": "overlay", "flags": "", **more})


def mount8(name, argv, **more):
    return Call(name, argv, **{"how": "output", "end": "umount8", "source": "overlay", "flags": "",
                               "runs_as": "root", **more})


CALLS = [
    # podman 4 and containers/storage 1.43
    storage("podman4-run-rm", LAYERS + "," + RW + ",,volatile", before="forget-volatile"),
    storage("podman4-run", LAYERS + "," + RW + ","),
    storage("podman4-image-mount", "lowerdir={G}/id/diff:{G}/l/AAAA:{G}/l/BBBB,", writable=False),
    storage("podman4-no-parent", "lowerdir={G}/id/empty," + RW, shows=""),
    storage("podman4-keep-id", LAYERS + "," + RW + ",,uidmapping=:0:1:1002:1002:0:1:1003:1003:64534,"
            "gidmapping=:0:1:1002:1002:0:1:1003:1003:64534"),
    storage("podman4-one-id", LAYERS + "," + RW + ",squash_to_uid=1000,squash_to_gid=1000"),
    storage("podman4-force-mask", LAYERS + "," + RW + ",xattr_permissions=2"),
    storage("podman4-selinux", LAYERS + "," + RW + "," + LABEL),
    storage("podman4-mountopt", LAYERS + "," + RW + ",redirect_dir=off,index=off,xino=off,nfs_export=off"),
    # the layers of an idmapped container are temporary mounts, detached as soon as the program returns
    storage("podman4-mapped-layers", "lowerdir={G}/id/mapped/0/l/AAAA:{G}/id/mapped/0/l/BBBB," + RW,
            before="mapped-layers"),
    # podman 5 and containers/storage of 2026
    storage("podman5-run", LAYERS + "," + RW + ",volatile", before="forget-volatile"),
    storage("podman5-read-only", LAYERS + "," + LABEL, writable=False),
    storage("podman5-second-diff", "lowerdir={G}/l/AAAA/../diff1:{G}/l/BBBB," + RW, before="second-diff"),
    storage("podman5-imagestore", "lowerdir={S}:{G}/l/BBBB," + RW),
    storage("podman5-composefs", "lowerdir={G}/id/mapped/0/l/AAAA:{G}/l/BBBB," + RW + "," + LABEL,
            before="mapped-layers"),
    storage("podman5-500-layers", "lowerdir={500}:{G}/l/AAAA:{G}/l/BBBB," + RW, before="500"),
    # every word that any caller is known to pass, in one: none is an error, nothing is said
    storage("every-word", LAYERS + "," + RW + ",volatile,,fsync=0," + LABEL + ",fscontext=x,rootcontext=y,"
            "uidmapping=:0:0:65536,gidmapping=0:0:65536:,static_nlink,noacl,xino=off,ino32_t,redirect_dir=off,index=off,"
            "metacopy=off,nfs_export=off,userxattr,private,suid,nosuid,dev,nodev,exec,noexec,rw,noatime,allow_other,"
            "default_permissions,fsname=some,subtype=kind,user,_netdev,nofail,", before="forget-volatile",
            source="some", type="fuse.kind", flags="nosuid nodev noexec"),
    # the program found by its known name, where mount_program is not set any more
    known_name("podman-known-name", ["{Q}", "-o", LAYERS + "," + RW, "{G}/id/merged"]),
    # buildah, podman -v :O, --rootfs :O, --mount type=image
    overlay_volume("buildah-volume", "lowerdir={S},upperdir={C}/upper,workdir={C}/work,private"),
    overlay_volume("buildah-volume-colon", "lowerdir={S\\:},upperdir={C}/upper,workdir={C}/work,private"),
    overlay_volume("buildah-volume-ro", "lowerdir={S}:{C}/lower,private," + LABEL, writable=False),
    # dockerd
    known_name("dockerd", ["{NF}", "-o", LAYERS + "," + RW, "{G}/id/merged"]),
    # containerd's snapshotter, k3s, nerdctl, buildkit; and its probe
    containerd("containerd-snapshot", CONTAINERD_RW),
    containerd("containerd-probe", ["-o", LAYERS], writable=False),
    containerd("containerd-user-namespace", CONTAINERD_RW + ["-o", "uidmapping=0:0:1:1:1:65534",
                                                             "-o", "gidmapping=0:0:1:1:1:65534"]),
    # Apptainer: in the foreground, in mountinfo within two seconds
    known_name("apptainer", ["{Q}", "-f", "-o", LAYERS + "," + RW, "{G}/id/merged"], how="poll", end="umount"),
    known_name("apptainer-ro", ["{Q}", "-f", "-o", LAYERS, "{G}/id/merged"], how="poll", end="umount",
               writable=False),
    known_name("apptainer-ambient", ["{Q}", "-f", "-o", LAYERS + "," + RW, "{G}/id/merged"], how="poll",
               end="umount", runs_as="ambient", ambient=True),
    # enroot: over the directory that the layers are in
    known_name("enroot", ["{NF}", "-f", "-o", "lowerdir={C}/../src,upperdir={C}/upper,workdir={C}/work", "{C}"],
               target="{C}", how="poll", end="umount", upper="", runs_as="root user"),
    # by hand, and as an ordinary user by fusermount3
    Call("by-hand", ["{N}", "-o", LAYERS + "," + RW, "{G}/id/merged"], end="fusermount", runs_as="root user plain",
         flags=""),
    Call("by-hand-words-after", ["{N}", "my-source", "{G}/id/merged", "-o" + LAYERS, "-o", RW], source="my-source",
         end="fusermount", runs_as="root user plain", flags=""),
    # an ordinary program as a transient systemd unit
    known_name("systemd-run", ["{Q}", "-f", "-o", LAYERS + "," + RW + ",allow_other,squash_to_uid=1000,"
                               "squash_to_gid=1000", "{G}/id/merged"], how="poll", end="umount"),
    # mount(8) and its helpers. mount(8) itself sets PATH.
    mount8("mount8", ["mount", "-t", "fuse.fuse-overlay", "overlay", "{G}/id/merged", "-o", LAYERS + "," + RW]),
    mount8("mount8-flags", ["mount", "-t", "fuse.fuse-overlay", "overlay", "{G}/id/merged", "-o",
                            "nodev,noexec,nosuid,noatime,x-some.thing=1," + LAYERS + "," + RW],
           flags="nodev noexec nosuid"),
    mount8("mount8-ro", ["mount", "-r", "-t", "fuse.fuse-overlay", "overlay", "{G}/id/merged", "-o",
                         LAYERS + "," + RW], writable=False),
    mount8("mount8-known-name", ["mount", "-t", "fuse.fuse-overlayfs", "overlay", "{G}/id/merged", "-o",
                                 LAYERS + "," + RW], type="fuse.fuse-overlayfs"),
    mount8("mount8-hash", ["mount", "-t", "fuse", "fuse-overlay#overlay", "{G}/id/merged", "-o", LAYERS + "," + RW]),
    mount8("mount8-own-helper", ["mount", "-v", "-t", "fuse-overlay", "overlay", "{G}/id/merged", "-o",
                                 "_netdev,nofail,user," + LAYERS + "," + RW], before="own-helper",
           flags="nodev noexec nosuid"),
    mount8("mount8-helper-of-fuse", ["mount", "-t", "fuse.fuse-overlay", "overlay", "{G}/id/merged", "-o",
                                     LAYERS + "," + RW], before="own-fuse-helper", flags="nodev"),
    mount8("mount.fuse3", ["mount.fuse3", "overlay", "{G}/id/merged", "-o", "rw," + LAYERS + "," + RW, "-t",
                           "fuse.fuse-overlay"], runs_as="root user"),
    mount8("mount.fuse3-setuid", ["mount.fuse3", "overlay", "{G}/id/merged", "-o", "rw,nosuid," + LAYERS + "," + RW,
                                  "-t", "fuse-overlay"], runs_as="root user", flags="nosuid"),
    # fstab: a line is in {F}
    mount8("fstab-mount", ["mount", "{G}/id/merged"], before="fstab:noauto,x-gvfs-hide"),
    mount8("fstab-mount-all", ["mount", "-a"], before="fstab:defaults,nofail,_netdev"),
    mount8("fstab-blanks", ["mount", "-a"], before="fstab-blanks", target="{G}/a b/merged", upper="{G}/a b/diff"),
    mount8("fstab-user", ["mount", "{G}/id/merged"], before="fstab:noauto,user", runs_as="plain",
           flags="nodev noexec nosuid", end="fusermount"),
    # The caller has mounted and gives the descriptor.
    Call("dev-fd", ["{P}", "-o", LAYERS + "," + RW, "/dev/fd/{FD}"], before="mounted-descriptor", end="umount",
         source="mine", type="fuse.mine", flags=""),
]
