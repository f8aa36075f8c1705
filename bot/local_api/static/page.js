// The chat as a person sees it. Text becomes text nodes, never HTML.

const at = (id) => document.getElementById(id);
const MOST = 4096; // a Telegram client sends what is longer as several messages
let state = { bot: {}, messages: [], commands: [], begun: false };
let context = null; // { kind: "reply" | "edit", id }
let first = true;

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

async function call(action, body) {
  const response = await fetch(action, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

function toast(text) {
  at("toast").textContent = text;
  at("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (at("toast").hidden = true), 3000);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Đã sao chép");
  } catch {
    toast(text);
  }
}

// Entities

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", pre: "pre", code: "code" };

function open(entity, text) {
  const words = text.slice(entity.offset, entity.offset + entity.length);
  const kind = entity.type;
  if (PLAIN[kind]) {
    const made = element(PLAIN[kind]);
    if (kind === "code") made.addEventListener("click", () => copy(words));
    return made;
  }
  if (kind === "spoiler") {
    const made = element("span", "spoiler");
    made.addEventListener("click", () => made.classList.add("open"));
    return made;
  }
  if (kind === "url" || kind === "text_link") return link(entity.url ?? words);
  if (kind === "email") return link(`mailto:${words}`);
  if (kind === "bot_command") return action(() => send(words));
  if (kind === "mention" || kind === "hashtag") return element("span", "link");
  return element("span");
}

function action(done) {
  const made = element("button", "link");
  made.type = "button";
  made.addEventListener("click", done);
  return made;
}

function link(url) {
  const payload = deepLink(url);
  if (payload !== null) return action(() => send(`/start ${payload}`.trim()));
  const made = element("a");
  if (/^(https?|mailto|tg):/i.test(url)) made.href = url;
  else if (/^[\w.-]+\.\w+/.test(url)) made.href = `https://${url}`;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function deepLink(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  const here = `/${state.bot.username}`.toLowerCase();
  if (parsed.hostname !== "t.me" || parsed.pathname.toLowerCase() !== here) return null;
  return parsed.searchParams.get("start") ?? "";
}

const isQuote = (entity) => entity.type.endsWith("blockquote");

function quote(entity, inside) {
  const made = element("blockquote");
  const body = element("div", "inside");
  body.append(inside);
  made.append(body);
  if (entity.type === "expandable_blockquote") made.classList.add("expandable");
  return made;
}

// Offsets count UTF-16 units, and so do strings here.
function dressed(text, entities, start = 0, end = text.length) {
  const out = document.createDocumentFragment();
  let place = start;
  const plain = (upTo, beforeQuote) => {
    let piece = text.slice(place, upTo);
    // A quotation is a block: the line breaks around it are its own.
    if (beforeQuote) piece = piece.replace(/\n$/, "");
    if (plain.afterQuote) piece = piece.replace(/^\n/, "");
    if (piece) out.append(piece);
    plain.afterQuote = false;
  };
  const inner = entities.filter((one) => one.offset >= start && one.offset + one.length <= end);
  while (inner.length) {
    const entity = inner.shift();
    if (entity.offset < place) continue;
    const stop = entity.offset + entity.length;
    const nested = [];
    while (inner.length && inner[0].offset < stop) nested.push(inner.shift());
    plain(entity.offset, isQuote(entity));
    const inside = dressed(text, nested, entity.offset, stop);
    if (isQuote(entity)) {
      out.append(quote(entity, inside));
      plain.afterQuote = true;
    } else {
      const made = open(entity, text);
      made.append(inside);
      out.append(made);
    }
    place = stop;
  }
  plain(end, false);
  return out;
}

function makeFoldable(scope) {
  for (const block of scope.querySelectorAll("blockquote.expandable")) {
    block.classList.add("collapsed");
    const inside = block.firstElementChild;
    if (inside.scrollHeight <= inside.clientHeight + 2) {
      block.classList.remove("collapsed");
      continue;
    }
    const fold = element("button", "fold");
    fold.type = "button";
    fold.append(icon("M6 9l6 6 6-6"));
    const turn = (closed) => {
      block.classList.toggle("collapsed", closed);
      fold.setAttribute("aria-expanded", String(!closed));
      fold.setAttribute("aria-label", closed ? "Mở rộng" : "Thu gọn");
    };
    turn(true);
    fold.addEventListener("click", (event) => {
      event.stopPropagation();
      turn(!block.classList.contains("collapsed"));
    });
    block.addEventListener("click", () => turn(false));
    block.append(fold);
  }
}

// Messages

function replyLine(message) {
  if (!message.reply_to) return null;
  const original = state.messages.find((one) => one.id === message.reply_to);
  const made = element("button", "reply");
  made.type = "button";
  made.append(element("b", "", original?.own === false ? state.bot.name : "Bạn"));
  made.append(element("span", "", message.quote || original?.text || "tin nhắn đã xóa"));
  made.addEventListener("click", () => {
    const target = document.querySelector(`[data-id="${message.reply_to}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.remove("flash");
    requestAnimationFrame(() => target.classList.add("flash"));
  });
  return made;
}

const AWAY = "M7 17L17 7M9 7h8v8";
const COPY = "M9 9h11v11H9zM5 15H4V4h11v1";
const MARKS = { url: AWAY, web_app: AWAY, copy_text: COPY };

function button(message, asked) {
  const made = element("button", "", asked.text);
  made.type = "button";
  const mark = Object.keys(MARKS).find((name) => name in asked);
  if (mark) made.append(icon(MARKS[mark]));
  made.addEventListener("click", async () => {
    const url = asked.url ?? asked.web_app?.url;
    if (asked.copy_text) await copy(asked.copy_text.text);
    else if (url) link(url).click();
    else if ("callback_data" in asked) await press(message, asked.callback_data, made);
    else toast("Nút này chỉ dùng được trong Telegram");
  });
  return made;
}

async function press(message, data, made) {
  made.classList.add("waiting");
  try {
    const answer = await call("press", { message_id: message.id, data });
    if (answer.text && answer.show_alert) {
      at("alert-text").textContent = answer.text;
      at("alert").showModal();
    } else if (answer.text) toast(answer.text);
  } catch {
    toast("Nút này không còn nữa");
  }
  made.classList.remove("waiting");
}

function keyboard(message) {
  const made = element("div", "keyboard");
  for (const row of message.buttons) {
    const line = element("div", "row");
    line.append(...row.map((one) => button(message, one)));
    made.append(line);
  }
  return made;
}

const clock = (message) =>
  new Date(message.date * 1000).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });

function draw(message) {
  const made = element("li", message.own ? "message own" : "message");
  made.dataset.id = message.id;
  const bubble = element("div", "bubble");
  const reply = replyLine(message);
  if (reply) bubble.append(reply);
  if (message.media) bubble.append(element("p", "media", message.media === "photo" ? "Ảnh" : "Tệp"));
  const text = element("div", "text");
  text.append(dressed(message.text, message.entities));
  text.append(element("span", "meta", (message.edited ? "đã sửa " : "") + clock(message)));
  bubble.append(text);
  bubble.addEventListener("dblclick", (event) => {
    if (!event.target.closest("a, button, code")) setContext("reply", message);
  });
  made.append(bubble);
  if (message.buttons.length) made.append(keyboard(message));
  return made;
}

function dayLine(day) {
  const made = element("li", "day", day);
  made.dataset.id = day;
  return made;
}

function drawMessages() {
  const list = at("messages");
  const old = new Map([...list.children].map((one) => [one.dataset.id, one]));
  const wanted = [];
  let day = "";
  for (const message of state.messages) {
    const today = new Date(message.date * 1000).toLocaleDateString("vi", { day: "numeric", month: "long" });
    if (today !== day) wanted.push(old.get(today) ?? dayLine(today));
    day = today;
    const version = JSON.stringify(message);
    let made = old.get(String(message.id));
    if (!made || made.version !== version) {
      const fresh = draw(message);
      fresh.version = version;
      if (!made && !first) fresh.classList.add("new");
      made = fresh;
    }
    wanted.push(made);
  }
  // What has not changed stays in place: it keeps its focus and whether it is unfolded.
  let next = list.firstElementChild;
  for (const made of wanted) {
    if (made === next) next = next.nextElementSibling;
    else list.insertBefore(made, next);
  }
  while (next) {
    const gone = next;
    next = next.nextElementSibling;
    gone.remove();
  }
  for (const made of wanted) {
    if (made.folded || !made.version) continue;
    makeFoldable(made);
    made.folded = true;
  }
}

const nearBottom = () => at("chat").scrollHeight - at("chat").scrollTop - at("chat").clientHeight < 90;
const toBottom = () => at("chat").scrollTo(0, at("chat").scrollHeight);

// A new answer is read from its beginning: the end of the chat, or the top of its last message.
function toNewest() {
  const last = at("messages").lastElementChild;
  const top = last ? last.offsetTop - at("chat").offsetTop - 8 : 0;
  at("chat").scrollTo(0, Math.min(at("chat").scrollHeight - at("chat").clientHeight, top));
}

function show(fresh) {
  const arrived = fresh.messages.at(-1);
  const answer = !first && arrived && !arrived.own && arrived.id !== state.messages.at(-1)?.id;
  const stick = first || nearBottom() || fresh.messages.at(-1)?.id !== state.messages.at(-1)?.id;
  state = fresh;
  document.title = state.bot.name;
  at("name").textContent = state.bot.name;
  at("avatar").textContent = state.bot.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  at("status").textContent = state.typing ? "đang gõ…" : "bot";
  at("status").classList.toggle("typing", state.typing);
  at("typing").hidden = !state.typing;
  at("intro").hidden = state.begun || !state.bot.description;
  at("description").textContent = state.bot.description;
  at("start").hidden = state.begun;
  at("compose").hidden = !state.begun;
  at("menu").hidden = !state.commands.length;
  drawMessages();
  if (answer) toNewest();
  else if (stick) toBottom();
  first = false;
}

// Writing

function setContext(kind, message) {
  context = message ? { kind, id: message.id } : null;
  at("context").hidden = !context;
  if (!context) return;
  at("context-title").textContent = kind === "edit" ? "Sửa tin nhắn" : `Trả lời ${message.own ? "Bạn" : state.bot.name}`;
  at("context-text").textContent = message.text;
  if (kind === "edit") at("input").value = message.text;
  at("input").focus();
  fit();
}

function pieces(text) {
  const out = [];
  while (text.length > MOST) {
    const found = Math.max(text.lastIndexOf("\n", MOST), text.lastIndexOf(" ", MOST));
    const cut = found > MOST / 2 ? found : MOST;
    out.push(text.slice(0, cut));
    text = text.slice(cut).trimStart();
  }
  return [...out, text];
}

async function send(text) {
  const about = context;
  setContext(null);
  try {
    if (about?.kind === "edit") return await call("edit", { message_id: about.id, text: text.slice(0, MOST) });
    for (const piece of pieces(text)) await call("send", { text: piece, reply_to: about?.id });
  } catch {
    toast("Chưa gửi được. Chương trình còn chạy không?");
    at("input").value ||= text;
    fit();
  }
}

// The bot reads no file, so only its name and kind go to it.
async function attach(file) {
  const caption = at("input").value.trim();
  at("input").value = "";
  fit();
  try {
    await call("attach", { name: file.name, type: file.type, caption });
  } catch {
    toast("Chưa gửi được. Chương trình còn chạy không?");
  }
}

function submit() {
  const text = at("input").value.trim();
  if (!text) return;
  at("input").value = "";
  showCommands("");
  fit();
  send(text);
}

function fit() {
  const input = at("input");
  input.style.height = "auto";
  input.style.height = `${Math.max(40, input.scrollHeight)}px`;
  at("send").disabled = !input.value.trim();
}

function showCommands(typed) {
  const match = /^\/(\w*)$/.exec(typed);
  const found = match ? state.commands.filter((one) => one.command.startsWith(match[1])) : [];
  at("commands").hidden = !found.length;
  at("menu").setAttribute("aria-expanded", String(!!found.length));
  at("commands").replaceChildren(...found.map((one) => {
    const item = element("li");
    const choice = element("button");
    choice.type = "button";
    choice.append(element("span", "", one.description), element("small", "", `/${one.command}`));
    choice.addEventListener("click", () => {
      at("input").value = "";
      showCommands("");
      fit();
      send(`/${one.command}`);
    });
    item.append(choice);
    return item;
  }));
}

at("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
at("input").addEventListener("input", () => {
  fit();
  showCommands(at("input").value);
});
at("input").addEventListener("keydown", (event) => {
  // While a Vietnamese input method composes, Enter is its own.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape") {
    if (context?.kind === "edit") at("input").value = "";
    setContext(null);
    showCommands("");
    fit();
  } else if (event.key === "ArrowUp" && !at("input").value) {
    const last = state.messages.findLast((one) => one.own);
    if (last) {
      event.preventDefault();
      setContext("edit", last);
    }
  }
});
at("attach").addEventListener("click", () => at("file").click());
at("file").addEventListener("change", () => {
  const [file] = at("file").files;
  if (file) attach(file);
  at("file").value = "";
});
at("menu").addEventListener("click", () => showCommands(at("commands").hidden ? "/" : ""));
at("start").addEventListener("click", () => send("/start"));
at("context-close").addEventListener("click", () => {
  if (context?.kind === "edit") at("input").value = "";
  setContext(null);
  fit();
});
at("down").addEventListener("click", () => at("chat").scrollTo({ top: at("chat").scrollHeight, behavior: "smooth" }));
at("chat").addEventListener("scroll", () => (at("down").hidden = nearBottom()));
fit();

const events = new EventSource("events");
events.onmessage = (event) => show(JSON.parse(event.data));
events.onerror = () => (at("status").textContent = "mất kết nối, đang thử lại…");
