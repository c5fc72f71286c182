// Turns what /live says ("role changed") into events of the page, `live:role`, that htmx refreshes parts of it by.
//
// * Only a page that shows something live listens, and only while it is looked at: a browser has few connections to give.
// * What changed between the making of the page and its listening, or while it did not listen, is told when it listens.
// * A table that changes all the time is told at most once in PAUSE milliseconds, at once the first time.
// * What somebody has the keyboard in is not taken away: it is refreshed when they leave it.
const PAUSE = 1000;
const AGAIN = 3000;

const waiting = new Map(); // table → timer of the pause after it was told
const changed = new Set(); // tables that changed during their pause
const stale = new Set(); // elements that were not refreshed, since the keyboard was in them

function tell(table) {
  if (waiting.has(table)) {
    changed.add(table);
    return;
  }
  document.body.dispatchEvent(new CustomEvent(`live:${table}`));
  waiting.set(
    table,
    setTimeout(() => {
      waiting.delete(table);
      if (changed.delete(table)) tell(table);
    }, PAUSE),
  );
}

function wanted() {
  const names = [...document.querySelectorAll("[hx-trigger*='live:']")].flatMap((part) =>
    [...part.getAttribute("hx-trigger").matchAll(/live:([a-z_]+)/g)].map(([, table]) => table),
  );
  return new Set(names);
}

function holdBack(event) {
  const { target, requestConfig } = event.detail;
  const by = requestConfig?.triggeringEvent?.type ?? "";
  if (by.startsWith("live:") && target.contains(document.activeElement)) {
    event.detail.shouldSwap = false;
    stale.add(target);
  }
}

function catchUp(event) {
  for (const part of [...stale]) {
    if (!part.isConnected) stale.delete(part);
    else if (part.contains(event.target) && !part.contains(event.relatedTarget)) {
      stale.delete(part);
      const table = part.getAttribute("hx-trigger")?.match(/live:([a-z_]+)/)?.[1];
      if (table) setTimeout(() => tell(table));
    }
  }
}

export function listen() {
  if (!wanted().size || !("EventSource" in window)) return;
  let source = null;
  let seen = document.body.dataset.turn;

  function open() {
    if (source || document.hidden) return;
    source = new EventSource(`/live?seen=${seen}`);
    source.addEventListener("changed", (event) => {
      seen = event.lastEventId;
      const tables = JSON.parse(event.data);
      (tables.length ? tables : [...wanted()]).forEach(tell);
    });
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(open, AGAIN * (1 + Math.random()));
      }
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  document.body.addEventListener("htmx:beforeSwap", holdBack);
  document.addEventListener("focusout", catchUp);
  open();
}
