# For record-esctest and record-vttest: what both need to record a program in xterm.
import contextlib
import os
import subprocess


def escaped(data):
    """Bytes as text: \\e is ESC, \\xNN what is not printable ASCII, \\\\ a backslash."""
    text = ''
    for byte in data:
        if byte == 0x1b:
            text += '\\e'
        elif byte == 0x5c:
            text += '\\\\'
        elif 0x20 <= byte < 0x7f:
            text += chr(byte)
        else:
            text += f'\\x{byte:02x}'
    return text


@contextlib.contextmanager
def display():
    """An X server of our own in DISPLAY, and UTF-8."""
    read, write = os.pipe()
    server = subprocess.Popen(['Xvfb', '-noreset', '-nolisten', 'tcp', '-screen', '0', '1600x1200x24', '-displayfd',
                               str(write)], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        os.environ.update(DISPLAY=':' + os.read(read, 16).decode().strip(), LC_ALL='C.UTF-8')
        yield
    finally:
        server.terminate()


def xterm(rows, resources, *command):
    """The arguments for an xterm of 80 columns that runs a command."""
    settings = [argument for resource in resources for argument in ('-xrm', '*' + resource)]
    return ['xterm', '-u8', '-geometry', f'80x{rows}+0+0', '-fn', 'fixed', *settings, '-e', *command]
