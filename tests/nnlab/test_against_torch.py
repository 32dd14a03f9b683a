"""The same numbers as torch, where torch is installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from nnlab import (  # noqa: E402  # after the skip
    ACTIVATIONS,
    GRU,
    LSTM,
    RNN,
    SGD,
    Activation,
    Adam,
    AdamW,
    AvgPool,
    BatchNorm,
    Conv2D,
    CrossEntropy,
    Dense,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool,
    Momentum,
    Nesterov,
    Net,
    Padding,
    Residual,
    RMSProp,
    Tanh,
    TokenDense,
    multi_head,
)

RNG = np.random.default_rng(11)
CLOSE = 1e-12


@pytest.fixture(autouse=True)
def double():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def t(a):
    return torch.tensor(np.array(a, dtype=float))


def put(linear, own) -> None:
    with torch.no_grad():
        linear.weight.copy_(t(own.W).reshape(linear.weight.shape))
        linear.bias.copy_(t(own.b))


F = torch.nn.functional
TWINS = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "elu": F.elu, "gelu": F.gelu,
    "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"), "silu": F.silu, "softplus": F.softplus,
    "leaky": F.leaky_relu, "softmax": lambda z: torch.softmax(z, 0), "linear": lambda z: z,
}  # fmt: skip


@pytest.mark.parametrize("name", list(TWINS))
def test_squash_and_slope(name: str) -> None:
    z = RNG.normal(size=(4, 6)) * 3
    x = t(z).requires_grad_()
    out = TWINS[name](x)
    assert ACTIVATIONS[name](z) == pytest.approx(out.detach().numpy(), abs=CLOSE)
    out.sum().backward()
    assert ACTIVATIONS[name].slope(z) == pytest.approx(x.grad.numpy(), abs=CLOSE)


def both(net, twin, X, loss, y, last=None):
    """Outputs, loss and the gradient at X agree; returns after both backward passes."""
    x = t(X).requires_grad_()
    out = twin(x)
    theirs = loss(out)
    theirs.backward()
    trace = net.trace(X, y)
    assert trace["L"] == pytest.approx(theirs.item(), abs=CLOSE)
    assert trace["dX"].reshape(X.shape) == pytest.approx(x.grad.numpy(), abs=CLOSE)
    assert net.backward(X, y) == pytest.approx(theirs.item(), abs=CLOSE)
    return out


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "bce", "ce", "ce smooth", "ce weighted"])
def test_losses_and_gradients_of_a_dense_net(loss: str) -> None:
    kind = CrossEntropy(smoothing=0.1) if loss == "ce smooth" else loss.split(maxsplit=1)[0]
    weight = (1.0, 5.0, 0.2) if loss == "ce weighted" else None
    many = loss.startswith("ce")
    net = Net(f"3-7-{3 if many else 1}", hidden="tanh", loss=kind, class_weight=weight, seed=1)
    X = RNG.normal(size=(9, 3)) * 5
    y = RNG.integers(0, 3 if many else 2, 9)
    twin = torch.nn.Sequential(torch.nn.Linear(3, 7), torch.nn.Tanh(), torch.nn.Linear(7, net.outputs))
    put(twin[0], net[0]), put(twin[2], net[1])
    want = {
        "mse": F.mse_loss, "mae": F.l1_loss, "huber": F.huber_loss,
        "bce": F.binary_cross_entropy_with_logits,
        "ce": F.cross_entropy, "ce smooth": lambda o, k: F.cross_entropy(o, k, label_smoothing=0.1),
        "ce weighted": lambda o, k: F.cross_entropy(o, k, weight=t(weight)),
    }[loss]  # fmt: skip
    both(net, twin, X, lambda o: want(o, torch.tensor(y) if many else t(y)[:, None]), y)
    assert net[0].dW == pytest.approx(twin[0].weight.grad.numpy(), abs=CLOSE)
    assert net[1].db == pytest.approx(twin[2].bias.grad.numpy(), abs=CLOSE)


RULES = {
    "sgd": (SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (Momentum(0.05), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    "nesterov": (Nesterov(0.05), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True)),
    "rmsprop": (RMSProp(0.01), lambda p: torch.optim.RMSprop(p, lr=0.01)),
    "adam": (Adam(0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
    "adamw": (AdamW(0.01, decay=0.1), lambda p: torch.optim.AdamW(
        [{"params": p[::2], "weight_decay": 0.1}, {"params": p[1::2], "weight_decay": 0.0}], lr=0.01)),
    "clipped sgd": (SGD(0.5, clip=0.1), lambda p: torch.optim.SGD(p, lr=0.5)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", list(RULES))
def test_twenty_steps_of_a_rule(name: str) -> None:
    own, build = RULES[name]
    net = Net("3-6-1", hidden="tanh", loss="mse", seed=2)
    twin = torch.nn.Sequential(torch.nn.Linear(3, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1))
    put(twin[0], net[0]), put(twin[2], net[1])
    rule = build(list(twin.parameters()))
    X, y = RNG.normal(size=(8, 3)), RNG.normal(size=8)
    for _ in range(20):
        rule.zero_grad()
        F.mse_loss(twin(t(X)), t(y)[:, None]).backward()
        if name.startswith("clipped"):
            torch.nn.utils.clip_grad_norm_(twin.parameters(), 0.1)
        rule.step()
        net.step(X, y, own)
    assert pytest.approx(twin[0].weight.detach().numpy(), abs=CLOSE) == net[0].W
    assert net[1].b == pytest.approx(twin[2].bias.detach().numpy(), abs=CLOSE)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
@pytest.mark.parametrize("pool", [MaxPool, AvgPool])
def test_convolution_and_pools(stride: int, padding: int, pool) -> None:
    net = Net(Conv2D(3, 3, stride, padding), Tanh(), pool(2), Flatten(), Dense(1), input=(2, 9, 8), seed=1)
    X, y = RNG.normal(size=(4, 2, 9, 8)), RNG.normal(size=4)
    conv = torch.nn.Conv2d(2, 3, 3, stride, padding)
    theirs = torch.nn.MaxPool2d(2) if pool is MaxPool else torch.nn.AvgPool2d(2)
    end = torch.nn.Linear(net[1].W.shape[1], 1)
    put(conv, net[0]), put(end, net[1])
    twin = torch.nn.Sequential(conv, torch.nn.Tanh(), theirs, torch.nn.Flatten(), end)
    both(net, twin, X, lambda o: F.mse_loss(o, t(y)[:, None]), y)
    assert net[0].dW.reshape(3, 2, 3, 3) == pytest.approx(conv.weight.grad.numpy(), abs=CLOSE)


def test_max_pool_gives_a_tie_to_the_first() -> None:
    net = Net(MaxPool(2), Flatten(), Dense(1), input=(1, 4, 4), seed=1)
    X, y = np.zeros((1, 1, 4, 4)), [3.0]
    end = torch.nn.Linear(4, 1)
    put(end, net[0])
    both(
        net,
        torch.nn.Sequential(torch.nn.MaxPool2d(2), torch.nn.Flatten(), end),
        X,
        lambda o: F.mse_loss(o, t(y)[:, None]),
        y,
    )


@pytest.mark.slow
def test_norms_and_running_statistics() -> None:
    for own, theirs in ((BatchNorm(), torch.nn.BatchNorm1d(5)), (LayerNorm(), torch.nn.LayerNorm(5))):
        net = Net(Dense(5), own, Tanh(), Dense(1), input=3, seed=1)
        twin = torch.nn.Sequential(torch.nn.Linear(3, 5), theirs, torch.nn.Tanh(), torch.nn.Linear(5, 1))
        put(twin[0], net[0]), put(twin[3], net[1])
        rule, mine = torch.optim.SGD(twin.parameters(), lr=0.1), SGD(0.1)
        for _ in range(5):
            X, y = RNG.normal(size=(8, 3)), RNG.normal(size=8)
            rule.zero_grad()
            loss = F.mse_loss(twin(t(X)), t(y)[:, None])
            loss.backward()
            rule.step()
            assert net.step(X, y, mine) == pytest.approx(loss.item(), abs=CLOSE)
        twin.eval()
        assert net.predict(X) == pytest.approx(twin(t(X))[:, 0].detach().numpy(), abs=CLOSE)


def test_batch_norm_of_pictures_is_per_channel() -> None:
    net = Net(Conv2D(3, 2), BatchNorm(), Flatten(), Dense(1), input=(1, 5, 5), seed=1)
    conv, norm, end = torch.nn.Conv2d(1, 3, 2), torch.nn.BatchNorm2d(3), torch.nn.Linear(48, 1)
    put(conv, net[0]), put(end, net[1])
    X, y = RNG.normal(size=(6, 1, 5, 5)), RNG.normal(size=6)
    twin = torch.nn.Sequential(conv, norm, torch.nn.Flatten(), end)
    loss = F.mse_loss(twin(t(X)), t(y)[:, None])
    loss.backward()
    assert net.backward(X, y) == pytest.approx(loss.item(), abs=CLOSE)
    assert net[0].dW.reshape(3, 1, 2, 2) == pytest.approx(conv.weight.grad.numpy(), abs=CLOSE)


class Last(torch.nn.Module):
    def __init__(self, cell, end) -> None:
        super().__init__()
        self.cell, self.end = cell, end

    def forward(self, x):
        return self.end(self.cell(x)[0][:, -1])


def load_cell(own, cell, gates: int, order: list[int], n: int) -> None:
    W = own.W.reshape(gates, n, -1)[order].reshape(gates * n, -1)
    with torch.no_grad():
        cell.weight_hh_l0.copy_(t(W[:, :n]))
        cell.weight_ih_l0.copy_(t(W[:, n:]))
        cell.bias_ih_l0.copy_(t(own.b.reshape(gates, n)[order].reshape(-1)))
        cell.bias_hh_l0.zero_()


@pytest.mark.parametrize("kind", ["tanh", "relu", "lstm", "gru"])
def test_recurrent_cells(kind: str) -> None:
    n, own = 4, {"tanh": RNN(4), "relu": RNN(4, "relu"), "lstm": LSTM(4), "gru": GRU(4)}[kind]
    net = Net(own, Dense(1), input=(6, 3), seed=1)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.2
    own = net[0]
    if kind == "gru":
        cell = torch.nn.GRU(3, n, batch_first=True)
        with torch.no_grad():
            cell.weight_hh_l0.copy_(t(np.concatenate([own.W[:, :n], own.U[:, :-1]])))
            cell.weight_ih_l0.copy_(t(np.concatenate([own.W[:, n:], own.V[:, :-1]])))
            cell.bias_ih_l0.copy_(t(np.concatenate([own.b, own.V[:, -1]])))
            cell.bias_hh_l0.copy_(t(np.concatenate([np.zeros(2 * n), own.U[:, -1]])))
    elif kind == "lstm":
        cell = torch.nn.LSTM(3, n, batch_first=True)
        load_cell(own, cell, 4, [0, 1, 3, 2], n)
    else:
        cell = torch.nn.RNN(3, n, nonlinearity=kind, batch_first=True)
        load_cell(own, cell, 1, [0], n)
    end = torch.nn.Linear(n, 1)
    put(end, net[1])
    X, y = RNG.normal(size=(5, 6, 3)), RNG.normal(size=5)
    both(net, Last(cell, end), X, lambda o: F.mse_loss(o, t(y)[:, None]), y)


@pytest.mark.parametrize("causal", [False, True])
def test_multi_head_attention(causal: bool) -> None:
    T, width, heads = 5, 6, 2
    net = Net(*multi_head(width, heads, causal), Flatten(), Dense(1), input=(T, width), seed=1)
    own = torch.nn.MultiheadAttention(width, heads, batch_first=True)
    end = torch.nn.Linear(T * width, 1)
    with torch.no_grad():
        own.in_proj_weight.copy_(t(net[0].W))
        own.in_proj_bias.copy_(t(net[0].b))
    put(own.out_proj, net[1]), put(end, net[2])
    mask = torch.triu(torch.ones(T, T, dtype=torch.bool), 1) if causal else None
    X, y = RNG.normal(size=(3, T, width)), RNG.normal(size=3)

    def twin(x):
        return end(own(x, x, x, attn_mask=mask, need_weights=False)[0].flatten(1))

    both(net, twin, X, lambda o: F.mse_loss(o, t(y)[:, None]), y)


def test_embedding() -> None:
    net = Net(Embedding(7, 3), Flatten(), Dense(1), input=4, seed=1)
    table, end = torch.nn.Embedding(7, 3), torch.nn.Linear(12, 1)
    with torch.no_grad():
        table.weight.copy_(t(net.params.view("W1")))
    put(end, net[1])
    X, y = RNG.integers(0, 7, (5, 4)), RNG.normal(size=5)
    loss = F.mse_loss(end(table(torch.tensor(X)).flatten(1)), t(y)[:, None])
    loss.backward()
    assert net.backward(X, y) == pytest.approx(loss.item(), abs=CLOSE)
    assert net.params.grad_view("W1") == pytest.approx(table.weight.grad.numpy(), abs=CLOSE)


@pytest.mark.parametrize("causal", [False, True])
def test_a_textbook_transformer_block_with_a_loss_at_every_place(causal: bool) -> None:
    T, width, heads, classes = 5, 8, 2, 3
    net = Net(
        Residual(LayerNorm(), *multi_head(width, heads, causal)),
        Residual(LayerNorm(), TokenDense(4 * width), Activation("gelu"), TokenDense(width)),
        LayerNorm(), TokenDense(classes), loss="ce", input=(T, width), seed=1,
    )  # fmt: skip
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.2
    block = torch.nn.TransformerEncoderLayer(
        width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    head = torch.nn.Sequential(torch.nn.LayerNorm(width), torch.nn.Linear(width, classes))
    ours = {name: t(a) for name, a in net.tensors().items()}
    names = {
        "norm1": "0.inner.0", "self_attn.in_proj": "0.inner.1", "self_attn.out_proj": "0.inner.3",
        "norm2": "1.inner.0", "linear1": "1.inner.1", "linear2": "1.inner.3",
    }  # fmt: skip
    block.load_state_dict({
        f"{theirs}{'_' if theirs.endswith('in_proj') else '.'}{part}": ours[f"{own}.{part}"]
        for theirs, own in names.items() for part in ("weight", "bias")
    })  # fmt: skip
    head.load_state_dict({f"{i}.{part}": ours[f"{2 + i}.{part}"] for i in (0, 1) for part in ("weight", "bias")})
    mask = torch.nn.Transformer.generate_square_subsequent_mask(T) if causal else None
    X, y = RNG.normal(size=(4, T, width)), RNG.integers(0, classes, (4, T))

    def twin(x):
        return head(block(x, src_mask=mask, is_causal=causal))

    out = both(net, twin, X, lambda o: F.cross_entropy(o.flatten(0, 1), torch.tensor(y).flatten()), y)
    assert net.predict(X) == pytest.approx(torch.softmax(out, -1).detach().numpy(), abs=CLOSE)
    theirs = block.self_attn.in_proj_weight.grad.numpy(), block.linear1.weight.grad.numpy()
    assert net[0].dW == pytest.approx(theirs[0], abs=CLOSE)
    assert net[2].dW == pytest.approx(theirs[1], abs=CLOSE)
    norm = np.stack([block.norm2.weight.grad.numpy(), block.norm2.bias.grad.numpy()], axis=1)
    assert net.params.grad_view("norm201") == pytest.approx(norm, abs=CLOSE)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_padding_is_what_packed_sequences_do(kind: str) -> None:
    own, theirs = {"rnn": (RNN, torch.nn.RNN), "lstm": (LSTM, torch.nn.LSTM), "gru": (GRU, torch.nn.GRU)}[kind]
    net = Net(Padding(), own(4), Dense(1), input=(6, 3), seed=1)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.3
    cell, end = theirs(3, 4, batch_first=True), torch.nn.Linear(4, 1)
    cell.load_state_dict({name: t(a) for name, a in net.layers[1].tensors().items()})
    put(end, net[1])
    X, y, lengths = RNG.normal(size=(4, 6, 3)), RNG.normal(size=4), [6, 2, 4, 1]
    for row, length in zip(X, lengths, strict=True):
        row[length:] = 0
    packed = torch.nn.utils.rnn.pack_padded_sequence(t(X), lengths, batch_first=True, enforce_sorted=False)
    h = cell(packed)[1]
    out = end((h[0] if kind == "lstm" else h)[0])[:, 0]
    loss = F.mse_loss(out, t(y))
    loss.backward()
    assert net.backward(X, y) == pytest.approx(loss.item(), abs=CLOSE)
    assert net.predict(X) == pytest.approx(out.detach().numpy(), abs=CLOSE)
    slopes = net[0].dW[:, 4:]
    if kind == "gru":
        slopes = np.concatenate([slopes, net.params.grad_view("V1")[:, :-1]])
    if kind == "lstm":  # ours: i f o g
        slopes = slopes.reshape(4, 4, 3)[[0, 1, 3, 2]].reshape(16, 3)
    assert slopes == pytest.approx(cell.weight_ih_l0.grad.numpy(), abs=CLOSE)


@pytest.mark.slow
def test_padded_keys_and_ignored_labels_are_torch_s() -> None:
    net = Net(Padding(), *multi_head(6, 2), TokenDense(3), loss="ce", input=(5, 6), seed=1)
    own, head = torch.nn.MultiheadAttention(6, 2, batch_first=True), torch.nn.Linear(6, 3)
    with torch.no_grad():
        own.in_proj_weight.copy_(t(net[0].W))
        own.in_proj_bias.copy_(t(net[0].b))
    put(own.out_proj, net[1]), put(head, net[2])
    X, y = RNG.normal(size=(3, 5, 6)), RNG.integers(0, 3, (3, 5))
    empty = np.arange(5) >= np.array([[5], [2], [3]])
    X[empty], y[empty] = 0, -1
    out = head(own(t(X), t(X), t(X), key_padding_mask=torch.tensor(empty), need_weights=False)[0])
    loss = F.cross_entropy(out.flatten(0, 1), torch.tensor(y).flatten(), ignore_index=-1)
    loss.backward()
    assert net.backward(X, y) == pytest.approx(loss.item(), abs=CLOSE)
    assert net[0].dW == pytest.approx(own.in_proj_weight.grad.numpy(), abs=CLOSE)
    assert net[2].dW == pytest.approx(head.weight.grad.numpy(), abs=CLOSE)
