"""What stands in `%{ }%`: assertions on TCP_INFO, read by a small evaluator.

packetdrill gives them to Python; here nothing is executed. Of Python's grammar
there are `assert`, `print`, comparisons, `and or not`, integer arithmetic, bits,
`abs min max`; names are `tcpi_...` and `TCP_...`, and nothing else.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Final

_LONGEST: Final = 2000
_WIDEST: Final = 1 << 64

_BINARY: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.RShift: lambda a, b: a >> min(b, 64),
    ast.LShift: lambda a, b: a << min(b, 64),
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[int, int], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., int]]] = {
    "abs": abs,
    "min": min,
    "max": max,
}
# include/net/tcp_states.h, which packetdrill's scripts use by name.
STATES: Final = {
    "TCP_ESTABLISHED": 1,
    "TCP_SYN_SENT": 2,
    "TCP_SYN_RECV": 3,
    "TCP_FIN_WAIT1": 4,
    "TCP_FIN_WAIT2": 5,
    "TCP_TIME_WAIT": 6,
    "TCP_CLOSE": 7,
    "TCP_CLOSE_WAIT": 8,
    "TCP_LAST_ACK": 9,
    "TCP_LISTEN": 10,
    "TCP_CLOSING": 11,
}


class ExpressionError(Exception):
    """The text is none of what is known here; `at` is where, from its start."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def failed_assertion(text: str, names: Mapping[str, int]) -> str | None:
    """Evaluate `text`; return the first assertion that does not hold, with values.

    Raises ExpressionError for what is not an assertion, or names nothing known.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"more than {_LONGEST} characters in %{{ }}%", 0)
    known = {**STATES, **names}
    for at, line in _statements(text):
        try:
            body = ast.parse(line).body
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            raise ExpressionError("this is no assertion", at) from None
        for statement in body:
            if isinstance(statement, ast.Expr) and _is_print(statement.value):
                continue
            if not isinstance(statement, ast.Assert):
                raise ExpressionError("only assert and print are known here", at)
            if not _Evaluation(known, at).value(statement.test):
                used = sorted(
                    {
                        node.id
                        for node in ast.walk(statement.test)
                        if isinstance(node, ast.Name) and node.id in names
                    }
                )
                told = ", ".join(f"{name} is {names[name]}" for name in used)
                return f"{ast.unparse(statement.test)}{f' ({told})' if told else ''}"
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.replace(";", "\n").split("\n"):
        if line.strip():
            yield at + len(line) - len(line.lstrip()), line.strip()
        at += len(line) + 1


def _is_print(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    )


class _Evaluation:
    """Evaluates one statement that begins at character `at`."""

    def __init__(self, names: Mapping[str, int], at: int) -> None:
        self.names = names
        self.at = at

    def value(self, node: ast.expr) -> int:
        """Return the node's value; truth values are 0 and 1."""
        match node:
            case ast.Constant(value=int() as number):
                return self.bounded(number, node)
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name):
                raise self.error(f"{name} is not known here", node)
            case ast.BoolOp(op=ast.And(), values=values):
                return int(all(self.value(it) for it in values))
            case ast.BoolOp(values=values):
                return int(any(self.value(it) for it in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return int(not self.value(operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.value(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                a, b = self.value(left), self.value(right)
                try:
                    return self.bounded(_BINARY[type(op)](a, b), node)
                except (ZeroDivisionError, ValueError):
                    raise self.error("this cannot be computed", node) from None
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.compared(node, left, list(zip(ops, others, strict=True)))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if (
                name in _FUNCTIONS and args
            ):
                values_of = [self.value(it) for it in args]
                if name == "abs" and len(values_of) > 1:
                    raise self.error("abs takes one number", node)
                if name != "abs" and len(values_of) == 1:
                    return values_of[0]
                return _FUNCTIONS[name](*values_of)
            case _:
                raise self.error("this is not known here", node)

    def compared(
        self,
        node: ast.Compare,
        left: ast.expr,
        steps: list[tuple[ast.cmpop, ast.expr]],
    ) -> int:
        """Evaluate `a < b <= c`."""
        before = self.value(left)
        for op, other in steps:
            if type(op) not in _COMPARISONS:
                raise self.error("this comparison is not known here", node)
            after = self.value(other)
            if not _COMPARISONS[type(op)](before, after):
                return 0
            before = after
        return 1

    def bounded(self, number: int, node: ast.expr) -> int:
        """Return `number` if it has no more than 64 bits."""
        if abs(number) >= _WIDEST:
            raise self.error("a number of more than 64 bits", node)
        return int(number)

    def error(self, message: str, node: ast.expr) -> ExpressionError:
        """Return the error at that node."""
        return ExpressionError(message, self.at + node.col_offset)
