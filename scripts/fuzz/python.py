# Reads a list of texts in JSON from each line, and prints what Python makes of each: its kind and what it says.
import builtins
import json
import math
import resource
import signal
import sys
import warnings

warnings.simplefilter("ignore")
# A huge value is a MemoryError, and not the machine's end.
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))


class Late(BaseException):
    pass


def late(*_):
    raise Late


signal.signal(signal.SIGALRM, late)


def answer(text, scope):
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        return ["value", str(eval(text, dict(scope)))]
    except SyntaxError as error:
        return ["SyntaxError", f"{error.lineno or 0}:{error.offset or 0}:{error.msg}"]
    except Late:
        return ["late", ""]
    except Exception as error:
        return [type(error).__name__, str(error)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


print(json.dumps({"version": sys.version.split()[0], "builtins": dir(builtins), "math": dir(math)}), flush=True)
known = json.loads(sys.stdin.readline())
scope = {"__builtins__": {}, "math": math}
scope.update((name, getattr(math, name)) for name in known["math"])
scope.update((name, getattr(builtins, name)) for name in known["builtins"])
for line in sys.stdin:
    print(json.dumps([answer(text, scope) for text in json.loads(line)]), flush=True)
