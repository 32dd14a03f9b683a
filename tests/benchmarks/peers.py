"""The same nets, batches and rules as others would train them; each returns a run that gives
the loss of every step. Frameworks are imported where they are used: none is needed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab import (
    LSTM,
    Activation,
    Conv2D,
    Dense,
    Flatten,
    LayerNorm,
    Net,
    Residual,
    ScaledDotProduct,
    TokenDense,
)

Losses = list[float]
Run = Callable[[], Losses]


def tutorial(task: Any) -> Run:
    """Numpy as tutorials write it: X @ W + b, fresh arrays, a list of layers."""
    net, (X, y), rule = task.net(), task.data(), task.rule
    dense, hidden = [layer for layer in net.layers if isinstance(layer, Dense)], net.layers[1].how.name
    Ws, bs = [layer.W.T.copy() for layer in dense], [layer.b.copy() for layer in dense]
    many, count = net.outputs > 1, 0
    T = np.eye(net.outputs)[y] if many else y[:, None]
    m, v = ([np.zeros_like(a) for a in Ws + bs] for _ in range(2))

    def step(x: Any, t: Any) -> float:
        nonlocal count
        hs = [x]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            z = hs[-1] @ W + b
            hs.append(np.maximum(z, 0) if hidden == "relu" else np.tanh(z))
        z = hs[-1] @ Ws[-1] + bs[-1]
        if many:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log((p * t).sum(axis=1)))
        else:
            p = 1 / (1 + np.exp(-z))
            loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
        d = (p - t) / len(x)
        dWs, dbs = [], []
        for i in reversed(range(len(Ws))):
            dWs.insert(0, hs[i].T @ d)
            dbs.insert(0, d.sum(axis=0))
            if i:
                d = d @ Ws[i].T
                d = d * (hs[i] > 0) if hidden == "relu" else d * (1 - hs[i] ** 2)
        count += 1
        for j, (W, g) in enumerate(zip(Ws + bs, dWs + dbs, strict=True)):
            if rule.name == "sgd":
                W[...] = W - rule.lr * g
                continue
            m[j] = 0.9 * m[j] + 0.1 * g
            v[j] = 0.999 * v[j] + 0.001 * g**2
            W[...] = W - rule.lr * (m[j] / (1 - 0.9**count)) / (np.sqrt(v[j] / (1 - 0.999**count)) + 1e-8)
        return float(loss)

    return lambda: [step(X[at], T[at]) for _ in range(task.epochs) for at in task.batches()]


def torch_eager(task: Any) -> Run:
    """torch.nn and torch.optim, as their manual shows them."""
    import torch

    net, (X, y) = task.net(), task.data()
    twin, kind = torch_twin(net), net.loss_kind.name
    X, y = torch.tensor(X), torch.tensor(y) if kind == "ce" else torch.tensor(y)[:, None]
    nn = torch.nn
    loss_of = {"bce": nn.BCEWithLogitsLoss, "ce": nn.CrossEntropyLoss, "mse": nn.MSELoss}[kind]()
    free = [p for p in twin.parameters() if p.requires_grad]
    rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[task.rule.name](free, lr=task.rule.lr)

    def step(x: Any, t: Any) -> float:
        rule.zero_grad()
        out = twin(x)
        loss = loss_of(out.flatten(0, -2), t.flatten()) if kind == "ce" else loss_of(out, t)
        loss.backward()
        rule.step()
        return loss.item()

    return lambda: [step(X[at], y[at]) for _ in range(task.epochs) for at in task.batches()]


def torch_twin(net: Net) -> Any:
    """The net in torch, up to the logits, with the same weights."""
    import torch

    nn = torch.nn
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)

    class Last(nn.LSTM):
        def forward(self, x: Any) -> Any:
            return super().forward(x)[0][:, -1]

    class Around(nn.Module):
        def __init__(self, *inner: Any) -> None:
            super().__init__()
            self.inner = nn.Sequential(*inner)

        def forward(self, x: Any) -> Any:
            return x + self.inner(x)

    class Attention(nn.Module):
        def __init__(self, heads: int, causal: bool) -> None:
            super().__init__()
            self.heads, self.causal = heads, causal

        def forward(self, x: Any) -> Any:
            n, places, width = x.shape
            q, k, v = x.reshape(n, places, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
            return mixed.transpose(1, 2).reshape(n, places, width // 3)

    def module(layer: Any) -> Any:
        match layer:
            case Dense() | TokenDense():
                return nn.Linear(layer.fan, layer.n)
            case Conv2D():
                return nn.Conv2d(layer.seen[0], layer.n, layer.kernel)
            case LSTM():
                made = Last(layer.fan, layer.n, batch_first=True)
                made.bias_hh_l0.requires_grad_(False)  # torch has the bias twice
                return made
            case LayerNorm():
                return nn.LayerNorm(layer.units)
            case ScaledDotProduct():
                return Attention(layer.heads, layer.causal)
            case Residual():
                return Around(*map(module, layer.inner))
            case Flatten():
                return nn.Flatten()
            case Activation():
                return {"relu": nn.ReLU, "tanh": nn.Tanh}[layer.how.name]()

    twin = nn.Sequential(*[module(y) for y in net.layers if not (y.last and isinstance(y, Activation))])
    twin.load_state_dict({name: torch.tensor(a) for name, a in net.tensors().items()})
    return twin


def sklearn_net(task: Any, epochs: int) -> Any:
    """A classifier of these sizes, which draws its own weights."""
    from sklearn.neural_network import MLPClassifier

    net = task.net()
    sizes = [layer.n for layer in net.layers if isinstance(layer, Dense)]
    return MLPClassifier(
        sizes[:-1], activation=net.layers[1].how.name, solver=task.rule.name, batch_size=task.batch,
        learning_rate_init=task.rule.lr, max_iter=epochs, alpha=0, momentum=0, tol=0,
        n_iter_no_change=10**9, shuffle=True, random_state=1,
    )  # fmt: skip


def jax_steps(task: Any, whole: bool) -> Run:
    """A jitted step per batch, or all of them in one compiled scan."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    own, (X, y), lr = task.net(), task.data(), task.rule.lr
    squash = {"relu": jax.nn.relu, "tanh": jnp.tanh}[own.layers[1].how.name]
    dense = [layer for layer in own.layers if isinstance(layer, Dense)]
    start = [(jnp.array(layer.W.T), jnp.array(layer.b)) for layer in dense]
    zeros = jax.tree.map(jnp.zeros_like, start)
    parts = -1, task.batch
    batches = jnp.array(X).reshape(*parts, X.shape[1]), jnp.array(y).reshape(parts)

    def loss_of(theta: Any, x: Any, t: Any) -> Any:
        for W, b in theta[:-1]:
            x = squash(x @ W + b)
        z = x @ theta[-1][0] + theta[-1][1]
        if own.outputs > 1:
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), t[:, None], 1))
        return jnp.mean(jnp.logaddexp(0, z[:, 0]) - t * z[:, 0])

    def step(now: Any, batch: Any) -> Any:
        theta, m, v, count = now
        loss, g = jax.value_and_grad(loss_of)(theta, *batch)
        count += 1
        if task.rule.name == "sgd":
            return (jax.tree.map(lambda w, d: w - lr * d, theta, g), m, v, count), loss
        m = jax.tree.map(lambda a, d: 0.9 * a + 0.1 * d, m, g)
        v = jax.tree.map(lambda a, d: 0.999 * a + 0.001 * d * d, v, g)
        c1, c2 = 1 - 0.9**count, 1 - 0.999**count
        move = lambda w, a, b: w - lr * (a / c1) / (jnp.sqrt(b / c2) + 1e-8)  # noqa: E731
        return (jax.tree.map(move, theta, m, v), m, v, count), loss

    one = jax.jit(step)
    epoch = lambda now, _: jax.lax.scan(step, now, batches)  # noqa: E731
    loop = jax.jit(lambda now: jax.lax.scan(epoch, now, None, length=task.epochs))
    now = start, zeros, zeros, jnp.array(0.0)
    rows = list(zip(*batches, strict=True)) * task.epochs

    def run() -> Losses:
        nonlocal now
        if whole:
            now, losses = loop(now)
            return [float(loss) for loss in np.asarray(losses).ravel()]
        losses = []
        for batch in rows:
            now, loss = one(now, batch)
            losses.append(float(loss))
        return losses

    return run
