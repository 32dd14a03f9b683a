"""A net as a file: all that it is in words, and its numbers beside them. Opened without pickle.

    net.save("net.npz"); Net.load("net.npz")      the same net, wherever nnlab is

The words are JSON: each layer by its name and what it was made with, the settings, the members.
"""

import inspect
import json
import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nnlab.activations import ACTIVATIONS, Squash
from nnlab.disk import path_of, reading, writing
from nnlab.errors import LabError, whole
from nnlab.layers import Activation, Dense, Dropout, Flatten, Layer
from nnlab.layers.attention import ScaledDotProduct, TokenDense
from nnlab.layers.conv import AvgPool, Conv2D, MaxPool
from nnlab.layers.norm import BatchNorm, Embedding, LayerNorm, Residual
from nnlab.layers.places import Padding, Pick, Position
from nnlab.layers.recurrent import GRU, LSTM, RNN
from nnlab.losses import LOSSES, WITH_SETTING, Loss
from nnlab.optim import Rate, rate_of
from nnlab.params import INITIALISERS, Initialiser
from nnlab.plan import Array
from nnlab.settings import Settings

LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Dense, Activation, Flatten, Dropout, BatchNorm, LayerNorm, Embedding, Residual, Conv2D, MaxPool,
        AvgPool, RNN, LSTM, GRU, ScaledDotProduct, TokenDense, Position, Pick, Padding,
    )
}  # fmt: skip
OWN = "{what} is your own, and a file holds what nnlab has; keep net.theta with np.save"
DAMAGE = (  # what numpy and zipfile raise at bytes that are no archive of arrays
    ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, AttributeError, TypeError, KeyError,
    NotImplementedError, RuntimeError, SyntaxError, MemoryError, tokenize.TokenError,
)  # fmt: skip
# what comes of words that nnlab did not write: LabError is one of these
UNLIKE = KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError
FORM = "nnlab net 2"  # of the words; another one is another file


class Kept(NamedTuple):
    """What a file holds."""

    layers: list[Layer]
    settings: Settings
    members: int | None
    rates: Rate | None  # of a fleet
    numbers: dict[str, Array]  # θ and the running statistics


# --- out -----------------------------------------------------------------------------------
def in_words(layers: Sequence[Layer], settings: Settings, members: int | None, rates: Any) -> str:
    """All that a net is, except its numbers."""
    s, init = settings, settings.init
    if isinstance(init, Initialiser):
        if init.name not in INITIALISERS or INITIALISERS[init.name].draw is not init.draw:
            raise LabError(OWN.format(what=f'the initialiser "{init.name}"'))
        init = init.name, init.scale
    return json.dumps(
        {
            "form": FORM, "layers": [_layer(layer) for layer in layers], "input": s.input,
            "loss": _loss(s.loss), "seed": int(s.seed), "init": init, "kinks": s.kinks, "l1": s.l1,
            "l2": s.l2, "class_weight": s.class_weight, "dtype": s.dtype.name, "strict": s.strict,
            "members": members, "rates": rates,
        }
    )  # fmt: skip


def _layer(layer: Layer) -> dict[str, Any]:
    kind = type(layer)
    if LAYERS.get(kind.__name__) is not kind:
        raise LabError(OWN.format(what=layer.at))
    if isinstance(layer, Residual):
        return {"kind": "Residual", "layers": [_layer(inner) for inner in layer.inner]}
    asked = inspect.signature(kind).parameters
    given = {name: getattr(layer, name) for name in asked}
    return {"kind": kind.__name__} | {
        name: _squash(value) if isinstance(value, Squash) else value for name, value in given.items()
    }


def _squash(squash: Squash) -> str:
    if ACTIVATIONS.get(squash.name) is not squash and not squash.name.startswith("leaky("):
        raise LabError(OWN.format(what=f'the squash "{squash.name}"'))
    return squash.name


def _loss(loss: Loss) -> list[Any]:
    if LOSSES.get(loss.name) is loss:
        return [loss.name, None]
    if loss.name not in WITH_SETTING:
        raise LabError(OWN.format(what=f'the loss "{loss.name}"'))
    return [loss.name, getattr(loss, WITH_SETTING[loss.name][0])]


def save(path: str | Path, words: str, numbers: dict[str, Array]) -> None:
    """Write an .npz, whole or not at all."""
    with writing(path_of(path)) as file:
        np.savez(file, allow_pickle=False, net=np.array(words), **numbers)


# --- in ------------------------------------------------------------------------------------
def load(path: str | Path) -> Kept:
    """What `save` wrote; a sentence about anything else."""
    path = path_of(path)
    with reading(path) as raw:
        try:
            with np.load(raw, allow_pickle=False) as file:
                arrays: dict[str, Array] = {name: file[name] for name in file}
        except DAMAGE as error:
            raise LabError(f"{path.name} is no net that nnlab saved, or it is damaged") from error
    try:
        said = json.loads(str(arrays.pop("net")))
        form = said["form"]
    except (KeyError, TypeError, json.JSONDecodeError):
        raise LabError(f"{path.name} does not say what its net is; save it again with net.save") from None
    if form != FORM:
        raise LabError(f'{path.name} is written as "{form}"; this nnlab reads "{FORM}"')
    try:
        return _kept(said, arrays)
    except UNLIKE as error:
        raise LabError(f"{path.name} does not hold a whole net: {error}") from error


def _kept(said: dict[str, Any], arrays: dict[str, Array]) -> Kept:
    init, rates = said["init"], said["rates"]
    name, setting = said["loss"]
    settings = Settings(
        tuple(whole("input", size) for size in said["input"]), _made_loss(name, setting), said["seed"],
        tuple(init) if isinstance(init, list) else init, said["kinks"] and tuple(said["kinks"]),
        said["l1"], said["l2"], said["class_weight"], said["dtype"], said["strict"],
    )  # fmt: skip
    layers = [_made(layer) for layer in said["layers"]]
    members = said["members"] if said["members"] is None else whole("members", said["members"])
    return Kept(layers, settings, members, rates if rates is None else rate_of("the fleet", rates), arrays)


def _made(said: dict[str, Any]) -> Layer:
    said = dict(said)
    kind = LAYERS[said.pop("kind")]
    if kind is Residual:
        return Residual(*[_made(inner) for inner in said["layers"]])
    return kind(**said)


def _made_loss(name: str, setting: float | None) -> Loss:
    return LOSSES[name] if setting is None else WITH_SETTING[name][1](setting)
