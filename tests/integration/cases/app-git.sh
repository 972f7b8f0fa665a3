# SPDX-License-Identifier: GPL-2.0-or-later
# git: init, commit, branch, gc, clone, fsck.
need_program git
export HOME=$T GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
put "$L/src/a" a
put "$L/src/b" b
overlay_mount
cd "$M/src"
git init -q
git add .
git commit -q -m one
echo more >>a
git rm -q b
git commit -q -a -m two
git checkout -q -b other HEAD~1
exists b
git gc -q
git fsck --strict
cd "$M"
git clone -q src copy
same "$(git -C src rev-parse HEAD)" "$(git -C copy rev-parse HEAD)"
cd "$T"
overlay_remount
git -C "$M/src" fsck --strict
same '' "$(git -C "$M/src" status --porcelain)" "git status"
