// What a page does beyond its forms: figures that follow the knob, runs, pieces that are carried, keys.
"use strict";
(() => {
  const doc = document, root = doc.documentElement;
  root.classList.add("scripted");
  const still = root.dataset.still || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const number = v => String(Math.round(v * 1000) / 1000).replace("-", "−");

  // Focus goes to what is new: a problem, a verdict, what was said, else the heading is where reading begins.
  const meant = location.hash.length > 1 && doc.getElementById(location.hash.slice(1));
  const first = doc.getElementById("problem") || meant || doc.getElementById("verdict");
  if (first) { first.focus({ preventScroll: true }); first.scrollIntoView({ block: "nearest" }); }

  // ── knobs, and whatever is drawn from what is filled in ──
  const told = input => {
    const names = input.dataset.settings;
    const at = Math.round((input.value - input.min) / input.step);
    return names ? names.split("|")[at] : number(input.value);
  };
  const showKnob = input => {
    const text = told(input);
    input.setAttribute("aria-valuetext", text);
    const output = input.closest(".knob").querySelector("output");
    output.textContent = text;
  };
  const busy = new WeakMap();
  const redraw = async form => {
    if (busy.get(form)) { busy.set(form, "again"); return; }
    busy.set(form, "yes");
    const query = new URLSearchParams(new FormData(form));
    query.delete("page");
    query.set("part", form.dataset.part);
    const hand = doc.activeElement && form.contains(doc.activeElement) ? doc.activeElement.name || "" : "";
    if (hand.startsWith("v.")) query.set("hand", hand.slice(2));
    try {
      const answer = await fetch(form.dataset.live + "?" + query, { headers: { accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        form.querySelector(".picture").innerHTML = await answer.text();
        const goal = form.querySelector(".goal");
        if (goal && form.querySelector("[data-found]") && !goal.classList.contains("found")) {
          goal.classList.add("found");
          goal.querySelector(".sign").textContent = "● Found: ";
        }
      }
    } catch { /* the server is gone: the figure stays as it was */ }
    const again = busy.get(form) === "again";
    busy.delete(form);
    if (again) redraw(form);
  };
  let saving = 0;
  const saveDraft = form => {
    clearTimeout(saving);
    saving = setTimeout(() => fetch(form.dataset.draft, {
      method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true,
    }).catch(() => 0), 700);
  };
  doc.addEventListener("input", event => {
    const form = event.target.form;
    if (event.target.type === "range" && event.target.closest(".knob")) showKnob(event.target);
    if (form && form.dataset.live) redraw(form);
    if (form && form.dataset.draft) saveDraft(form);
  });
  doc.addEventListener("focusin", event => {
    const form = event.target.closest("form.ask[data-live]");
    if (form && event.target.name && event.target.name.startsWith("v.") && event.target.type === "text") redraw(form);
  });
  doc.addEventListener("submit", event => {
    clearTimeout(saving);
    const form = event.target;
    if (form.matches(".figure[data-live]")) { event.preventDefault(); redraw(form); }
    else if (form.dataset.sent) event.preventDefault();   // a second press of an impatient hand
    else { form.dataset.sent = "yes"; setTimeout(() => delete form.dataset.sent, 3000); }
  });
  addEventListener("pageshow", () => doc.querySelectorAll("[data-sent]").forEach(f => delete f.dataset.sent));

  // ── a line of a map, taken hold of ──
  const share = (group, event) => {
    const svg = group.ownerSVGElement, [left, top, right, bottom] = group.dataset.box.split(" ").map(Number);
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [(at.x - left) / (right - left), (at.y - top) / (bottom - top)];
  };
  doc.addEventListener("pointerdown", event => {
    const svg = event.target.closest && event.target.closest("svg.map");
    const group = svg && svg.querySelector("g[data-drags]");
    const form = group && group.closest("form.figure");
    if (!form || event.button) return;
    const { drags, spans, box } = group.dataset, began = share(group, event);
    const from = new URLSearchParams(new FormData(form));
    let next = null, waits = false;
    const send = async () => {
      if (waits || !next) return;
      waits = true;
      const body = new URLSearchParams(from), [x, y] = next;
      next = null;
      for (const [name, value] of Object.entries({ part: drags, spans, fromx: began[0], fromy: began[1], tox: x, toy: y })) body.set(name, value);
      try {
        const answer = await fetch("/drag", { method: "POST", body });
        if (answer.ok) {
          for (const line of (await answer.text()).split("\n")) {
            const [name, value] = line.split("="), input = form.elements[name];
            if (input) { input.value = value; showKnob(input); }
          }
          await redraw(form);
        }
      } catch { /* as above */ }
      waits = false;
      send();
    };
    const move = e => {
      const moved = form.querySelector("g[data-drags]");
      next = share(moved || group, e);
      e.preventDefault();
      send();
    };
    const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); removeEventListener("pointercancel", end); };
    addEventListener("pointermove", move, { passive: false });
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    void box;
  });

  // ── a part of a picture that is pointed at: the option or the blank that it stands for ──
  doc.addEventListener("click", event => {
    const spot = event.target.closest && event.target.closest("[data-spot]");
    const form = spot && spot.closest("form.ask");
    if (!form) return;
    const option = form.querySelector(`input[name=pick][value="${CSS.escape(spot.dataset.spot)}"]`);
    const blank = form.elements[`v.${spot.dataset.spot}`];
    if (option) { option.checked = true; option.dispatchEvent(new Event("input", { bubbles: true })); }
    else if (blank) blank.focus();
  });

  // ── the sign of a number, for keyboards that have none ──
  doc.addEventListener("click", event => {
    const sign = event.target.closest("button.sign");
    const input = sign && sign.parentElement.querySelector("input[type=text]");
    if (!input) return;
    input.value = /^\s*[-−]/.test(input.value) ? input.value.replace(/^\s*[-−]/, "") : "−" + input.value;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // ── pieces to put in order ──
  doc.querySelectorAll("[data-pieces]").forEach(list => {
    const form = list.closest("form"), said = form.querySelector("[data-said]");
    const tell = item => {
      const at = [...list.children].indexOf(item) + 1;
      said.textContent = item.querySelector("span").textContent + ": place " + at + " of " + list.children.length;
      saveDraft(form);
    };
    list.addEventListener("click", event => {
      const button = event.target.closest("button.move");
      if (!button) return;
      event.preventDefault();
      const item = button.closest("li"), up = button.value[0] === "u";
      const other = up ? item.previousElementSibling : item.nextElementSibling;
      if (other) up ? other.before(item) : other.after(item);
      button.focus();
      tell(item);
    });
    let carried = null;
    list.addEventListener("dragstart", event => { carried = event.target.closest("li"); carried.classList.add("carried"); });
    list.addEventListener("dragover", event => {
      const over = event.target.closest("li");
      if (!carried || !over) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      if (over !== carried) event.clientY < box.top + box.height / 2 ? over.before(carried) : over.after(carried);
    });
    list.addEventListener("dragend", () => { carried.classList.remove("carried"); tell(carried); carried = null; });
  });

  // ── a run: what was sent is kept, so that it can be paused and gone through ──
  doc.querySelectorAll("[data-run]").forEach(run => {
    const player = run.querySelector(".player"), place = player.querySelector("input");
    const [play, again, turn] = player.querySelectorAll("button"), nudge = player.querySelector(".nudge");
    const frame = run.querySelector(".frame"), says = run.querySelector(".says");
    let frames = [], at = -1, source = null, timer = 0, seed = 0, turns = [];
    player.hidden = false;
    again.hidden = true;
    const show = i => {
      at = i;
      frame.innerHTML = frames[i].html;
      place.value = i;
      const all = i === frames.length - 1 && frames[i].done >= 1;
      const moment = frames.slice(0, i + 1).map(f => f.moment).filter(Boolean)[0];
      if (all || i % 15 === 0) says.textContent = frames[i].says + (moment ? " · " + moment : "");
      place.setAttribute("aria-valuetext", Math.round(frames[i].done * 100) + " %");
    };
    const stop = () => { clearInterval(timer); timer = 0; tellNudge(); play.textContent = at >= 0 && frames[at].done >= 1 ? "See it again" : "Go on"; };
    const tellNudge = () => { if (nudge) nudge.hidden = timer !== 0 || at < 0 || frames[at].done >= 1; };
    const start = () => {
      play.textContent = "Pause";
      timer = setInterval(() => {
        if (at + 1 < frames.length) show(still && !source ? frames.length - 1 : at + 1);
        if (at >= 0 && frames[at].done >= 1) stop();
      }, 80);
      tellNudge();
    };
    const listen = () => {
      if (source) source.close();
      const query = new URLSearchParams([["seed", seed], ...turns.map(one => ["nudge", one.join(" ")])]);
      source = new EventSource(run.dataset.run + "?" + query);
      source.onmessage = event => { frames.push(JSON.parse(event.data)); place.max = frames.length - 1; };
      source.addEventListener("end", () => { source.close(); source = null; again.hidden = false; });
      source.onerror = () => { source && source.close(); source = null; };
      start();
    };
    const begin = () => {
      frames = []; at = -1; turns = [];
      seed = Math.floor(Math.random() * 1e8);
      listen();
    };
    if (turn) turn.addEventListener("click", () => {
      const now = frames[at].done * 100;
      turns = [...turns.filter(one => one[0] < now), [now, nudge.querySelector("select").value]];
      frames = frames.slice(0, at + 1);
      says.textContent = turns.map(one => `${one[1]} from ${Math.round(one[0])} % on`).join(", ");
      listen();
    });
    play.addEventListener("click", () => {
      if (timer) stop();
      else if (at < 0) begin();
      else { if (frames[at].done >= 1) at = -1; start(); }
    });
    again.addEventListener("click", () => { clearInterval(timer); timer = 0; begin(); });
    place.addEventListener("input", () => { if (timer) stop(); if (frames[place.value]) show(Number(place.value)); tellNudge(); });
    addEventListener("pagehide", () => source && source.close());
  });

  // ── keys: digits choose, Enter goes on from wherever nothing else takes it ──
  doc.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = doc.activeElement, types = at && at.matches("input[type=text], input[type=search], select, textarea");
    if (!types && /^[1-9]$/.test(event.key)) {
      const option = doc.querySelector(`input[data-key="${event.key}"]`);
      if (option) {
        option.checked = option.type === "radio" ? true : !option.checked;
        option.focus();
        option.dispatchEvent(new Event("input", { bubbles: true }));
        event.preventDefault();
      }
    }
    if (event.key === "Enter" && (!at || !at.matches("a, button, input, select, summary, textarea"))) {
      const main = doc.querySelector("main form button.main");
      if (main) { event.preventDefault(); main.click(); }
    }
    if (event.key === "Enter" && at && at.matches("input[type=radio], input[type=checkbox], input[type=range]")) {
      const main = at.form && at.form.querySelector("button.main");
      if (main) { event.preventDefault(); main.click(); }
    }
  });
})();
