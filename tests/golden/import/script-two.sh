QEMU=qemu-system-x86_64
case $1 in
a) X=1 ;;
esac
test -f disk.img || qemu-img create disk.img 1G
$QEMU -m 1024 -hda disk.img -nographic; $QEMU -m 512 -hda other.img
