// Sends a form quietly while somebody types in it, and says so. Without it there is the button; a file always waits for that.
for (const form of document.querySelectorAll("form[data-saves]")) {
  const PAUSE = 1_200, AGAIN = 8_000, MOST_SENT = 60; // milliseconds; fields
  const say = (selector, words) => {
    const place = document.querySelector(selector);
    if (place && place.textContent !== words) place.textContent = words;
  };
  let waiting = 0, isSending = false, isChanged = false, isLeft = false, sent = [];

  const later = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(send, pause);
  };

  const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("sent-"));

  async function send(isLast = false) {
    if (isLeft || !isChanged) return;
    if (isSending) return later(PAUSE);
    isSending = true;
    isChanged = false;
    const now = typed(), before = sent.map(([name, value]) => [`sent-${name}`, value]);
    sent = [...sent, ...now].slice(-MOST_SENT);
    try {
      const body = new URLSearchParams([...now, ...before, ["quiet", "yes"]]);
      const answer = await fetch(form.action, { method: "POST", body, keepalive: isLast });
      if (!answer.ok) throw new Error(answer.statusText);
      const told = await answer.json();
      form.elements.seen.value = told.seen;
      sent = [];
      say("[data-progress]", told.progress);
      say("[data-saving]", told.said);
    } catch {
      isChanged = true;
      say("[data-saving]", "Not saved: the connection is broken. It is tried again; you can go on writing.");
      later(AGAIN);
    }
    isSending = false;
  }

  // What was sent and not answered may be kept all the same: with it the server knows its own writer again.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of sent) formData.append(`sent-${name}`, value);
  });
  say("[data-saving]", "Saved as you type.");
  form.addEventListener("input", ({ target }) => {
    if (target.type === "file") return say("[data-saving]", "The photo is sent when you press Save.");
    isChanged = true;
    say("[data-saving]", "Saving…");
    later(PAUSE);
  });
  form.addEventListener("submit", () => { isLeft = true; });
  addEventListener("pagehide", () => { if (!isSending) send(true); });
  addEventListener("pageshow", () => { isLeft = false; });
}
