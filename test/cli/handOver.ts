const script = (family: string, address: string): string => `
import os, socket, sys
listening = socket.socket(socket.${family})
listening.bind(${address})
listening.listen()
os.dup2(listening.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_FDNAMES="calc", LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[1], sys.argv[1:])`

/**
 * Has a command run with a listening socket handed over, as systemd does: it is descriptor 3, and the environment says for
 * whom. It takes python3.
 */
export const handOver = (family = "AF_INET", address = `("127.0.0.1", 0)`) => (command: string): string =>
  `exec python3 -c '${script(family, address)}' ${command}`
