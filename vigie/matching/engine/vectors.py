"""What numba has no words for: bits that are counted, many folds at a time, and memory that is
fetched before it is needed. Each is a few instructions of whatever processor this runs on.

What numba keeps of the compiled search it makes anew when `compiled` changes, not when this does:
change both.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

LANES = 8
declared: Any = cgutils.get_or_insert_function
array_of: Any = make_array
WORD, NUMBER = ir.IntType(64), ir.IntType(32)
WORDS = ir.VectorType(WORD, LANES)
UNSET = ir.Constant(WORDS, ir.Undefined)


def _ones(_context: Any, _word: Any) -> Any:
    """How many bits of a uint64 are set."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), generate


def _lowest(_context: Any, _word: Any) -> Any:
    """Which bit of a uint64, that is not nought, is the lowest that is set."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.int64(types.uint64), generate


def _fetch(_context: Any, array: Any, _at: Any) -> Any:
    """Ask for the line of memory with element ``at`` of a whole array, and do not wait for it."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [address, NUMBER, NUMBER, NUMBER])
        prefetch = declared(builder.module, kind, "llvm.prefetch.p0")
        first = array_of(signature.args[0])(context, builder, values[0]).data
        where = builder.bitcast(builder.gep(first, [values[1]]), address)
        builder.call(prefetch, [where, NUMBER(0), NUMBER(3), NUMBER(1)])  # to read, to keep, data
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _near(
    _context: Any, folds: Any, _ones: Any, _twos: Any, _one: Any, _two: Any, _far: Any
) -> Any:
    """Eight folds at a time: bit n is set where ``ones`` + n and ``one``, ``twos`` + n and ``two``
    together differ in at most ``far`` bits. Sixteen words of ``folds`` are read."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        folds, ones, twos, one, two, far = values
        first = array_of(signature.args[0])(context, builder, folds).data

        def differing(at: Any, word: Any) -> Any:
            where = builder.bitcast(builder.gep(first, [at]), WORDS.as_pointer())
            kind = ir.FunctionType(WORDS, [WORDS])
            count = declared(builder.module, kind, f"llvm.ctpop.v{LANES}i64")
            words = builder.load(where, align=8)
            return builder.call(count, [builder.xor(words, _everywhere(builder, word))])

        bits = builder.add(differing(ones, one), differing(twos, two))
        near = builder.icmp_unsigned("<=", bits, _everywhere(builder, far))
        return builder.zext(builder.bitcast(near, ir.IntType(LANES)), WORD)

    number, word = types.int64, types.uint64
    return word(folds, number, number, word, word, word), generate


def _everywhere(builder: Any, word: Any) -> Any:
    """A word in each of the lanes."""
    alone = builder.insert_element(UNSET, word, NUMBER(0))
    zeros = ir.Constant(ir.VectorType(NUMBER, LANES), [0] * LANES)
    return builder.shuffle_vector(alone, UNSET, zeros)


ones: Any = intrinsic(_ones)
lowest: Any = intrinsic(_lowest)
fetch: Any = intrinsic(_fetch)
near: Any = intrinsic(_near)
