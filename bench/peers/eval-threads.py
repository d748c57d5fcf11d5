# Evaluates what each recv brings, a thread for each client, and prints every request.
import os
import socket
import sys
import threading


def serve(client):
    with client:
        while request := client.recv(1024):
            text = request.decode()
            print("request:", text)
            try:
                reply = str(eval(text))
            except Exception:
                reply = "INVALID STATEMENT"
            client.sendall(reply.encode())


listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
print(f"listening on tcp://127.0.0.1:{listener.getsockname()[1]} (python)", flush=True)
# Nobody reads the rest of what is printed.
sys.stdout = open(os.devnull, "w")
while True:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(client,), daemon=True).start()
