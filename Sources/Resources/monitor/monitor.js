"use strict";

/* The leaders' page: it reads /v1/overview, and reads it again when the stream of /v1/events tells of something. */

const texts = {
  id: {
    title: "Pemantauan", skip: "Langsung ke isi", language: "Bahasa", signIn: "Masuk", signOut: "Keluar", username: "Nama pengguna", password: "Kata sandi",
    now: "Sekarang", open: "Terbuka", overdue: "Lewat waktu", dueToday: "Jatuh tempo hari ini", onTimeRate: "Tepat waktu, 30 hari",
    throughput: "Arus 30 hari", opened: "dibuka", closed: "selesai", asTable: "Sebagai tabel", date: "Tanggal", byState: "Kasus terbuka menurut tahap",
    overdueCases: "Kasus yang lewat waktu paling lama", officers: "Beban per petugas", latest: "Kejadian terbaru", none: "Tidak ada.",
    number: "Nomor", subject: "Judul", kind: "Jenis", state: "Tahap", officer: "Petugas", since: "Lewat sejak", late: "lewat waktu",
    live: "Langsung", connecting: "Menyambung…", updated: "Diperbarui", notLeader: "Halaman ini untuk pimpinan. Akun ini tidak berhak.",
    mustChange: "Kata sandi sekali pakai harus diganti dahulu.", failed: "Layanan tidak menjawab. Coba lagi.", ended: "Sesi telah berakhir. Masuk lagi.",
    someone: "Sistem", chart: "Kasus dibuka dan selesai per hari, 30 hari terakhir",
    kinds: {
      consultation: "Konsultasi", workspace_item: "Pekerjaan", ticket: "Tiket TIK", service_complaint: "Pengaduan layanan",
      procedure_run: "Pelaksanaan prosedur",
    },
    others: {
      user: "Pengguna", unit: "Unit kerja", procedure: "Prosedur", calendar: "Kalender", equipment: "Perangkat", topology: "Topologi",
      point_rule: "Aturan poin", performance_point: "Poin kinerja", recap: "Rekapitulasi",
    },
    states: {
      draft: "Konsep", submitted: "Diajukan", assigned: "Ditugaskan", in_verification: "Diverifikasi", verified: "Terverifikasi", answered: "Dijawab",
      in_progress: "Dikerjakan", awaiting_check: "Menunggu pemeriksaan", resolved: "Terselesaikan", reported: "Dilaporkan", registered: "Terdaftar",
      disposed: "Didisposisi", examined: "Diperiksa", classified: "Diklasifikasi", prioritised: "Diprioritaskan", considered: "Dipertimbangkan",
      approved: "Disetujui", running: "Berjalan", closed: "Ditutup", completed: "Selesai", cancelled: "Dibatalkan", withdrawn: "Ditarik", rejected: "Ditolak",
      approved_for_direct: "Disetujui langsung", forwarded: "Diteruskan", meeting_scheduled: "Rapat dijadwalkan", received: "Diterima", settled: "Dituntaskan",
    },
    events: {
      create: "dibuat", edit: "diubah", "step.due_soon": "Segera jatuh tempo", "step.overdue": "Lewat waktu", to: "menjadi",
      comment: "dikomentari", attach: "diberi lampiran", detach: "lampiran dihapus", link: "dikaitkan", unlink: "kaitan dilepas",
      pause: "jam dihentikan", resume: "jam dijalankan lagi", reassign: "dialihkan", progress: "ada kemajuan", complete: "langkah selesai",
      schedule: "dijadwalkan", publish: "versi baru", adjust: "disesuaikan", object: "disanggah", uphold: "dipertahankan", reverse: "dibatalkan",
      set: "ditetapkan", replace: "diganti", remove: "dihapus", ramadan: "Ramadan diterapkan", import: "libur dimuat",
      activate: "diaktifkan", deactivate: "dinonaktifkan", reset_password: "kata sandi diatur ulang", change_password: "kata sandi diganti",
    },
  },
  en: {
    title: "Monitor", skip: "Skip to content", language: "Language", signIn: "Sign in", signOut: "Sign out", username: "Username", password: "Password",
    now: "Now", open: "Open", overdue: "Overdue", dueToday: "Due today", onTimeRate: "On time, 30 days",
    throughput: "Throughput of 30 days", opened: "opened", closed: "closed", asTable: "As a table", date: "Date", byState: "Open cases by state",
    overdueCases: "Cases overdue longest", officers: "Load per officer", latest: "Latest events", none: "None.",
    number: "Number", subject: "Title", kind: "Kind", state: "State", officer: "Officer", since: "Overdue since", late: "overdue",
    live: "Live", connecting: "Connecting…", updated: "Updated", notLeader: "This page is for leaders. This account may not see it.",
    mustChange: "The one-time password must be changed first.", failed: "The service does not answer. Try again.", ended: "The session has ended. Sign in again.",
    someone: "System", chart: "Cases opened and closed each day, last 30 days",
    kinds: {
      consultation: "Consultations", workspace_item: "Work items", ticket: "ICT tickets", service_complaint: "Service complaints",
      procedure_run: "Procedure runs",
    },
    others: {
      user: "Users", unit: "Units", procedure: "Procedures", calendar: "Calendar", equipment: "Equipment", topology: "Topologies",
      point_rule: "Point rules", performance_point: "Performance points", recap: "Recaps",
    },
    states: {},
    events: {
      create: "created", edit: "edited", "step.due_soon": "Due soon", "step.overdue": "Overdue", to: "became",
      comment: "commented on", attach: "file attached", detach: "file removed", link: "linked", unlink: "link removed",
      pause: "clock stopped", resume: "clock runs again", reassign: "handed on", progress: "progress made", complete: "step done",
      schedule: "scheduled", publish: "new version", adjust: "adjusted", object: "objected to", uphold: "upheld", reverse: "reversed",
      set: "set", replace: "replaced", remove: "removed", ramadan: "Ramadan week set", import: "holidays imported",
      activate: "activated", deactivate: "deactivated", reset_password: "password reset", change_password: "password changed",
    },
  },
};

const at = (id) => document.getElementById(id);
const remembered = (store, name) => { try { return store.getItem(name); } catch { return null; } };
const remember = (store, name, value) => { try { value === null ? store.removeItem(name) : store.setItem(name, value); } catch { /* a private window */ } };

let language = remembered(localStorage, "language") ?? (navigator.language.startsWith("en") ? "en" : "id");
let token = remembered(sessionStorage, "token");
let picture = null;
let person = "";
let events = [];
let isLive = false;
let stream = null;
let refusal = "";

const text = (name) => texts[language][name];
const stateName = (state) => text("states")[state] ?? (state.charAt(0).toUpperCase() + state.slice(1)).replaceAll("_", " ");
const number = (value) => new Intl.NumberFormat(language).format(value);
const percent = (rate) => rate === null ? "–" : new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(rate);
const day = (date) => new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
const moment = (time) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));

/* The time, with the day before it unless that is today. */
function clock(time) {
  const then = new Date(time);
  const isToday = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, isToday ? { timeStyle: "medium" } : { dateStyle: "short", timeStyle: "short" }).format(then);
}

/* Elements are made of text, never of markup. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made[key] = value;
  made.append(...children);
  return made;
}

function drawing(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/* Requests */

async function request(path, options = {}) {
  const headers = { Accept: "application/json", "Accept-Language": language, ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(path, { cache: "no-store", ...options, headers });
}

async function signIn(form) {
  refuse("");
  try {
    const answer = await request("/v1/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: form.username.value, password: form.password.value }),
    });
    const body = await answer.json();
    if (!answer.ok) return refuse(body.detail || body.title);
    form.password.value = "";
    token = body.token;
    remember(sessionStorage, "token", token);
    await begin();
  } catch {
    refuse(text("failed"));
  }
}

async function signOut(reason = "") {
  const ends = reason === "" && token ? request("/v1/sessions/current", { method: "DELETE" }).catch(() => {}) : null;
  stream?.abort();
  [token, picture, person, events, stream] = [null, null, "", [], null];
  remember(sessionStorage, "token", null);
  setLive(false);
  refuse(reason);
  show();
  at("username").focus();
  await ends;
}

function refuse(reason) {
  refusal = reason;
  at("refusal").textContent = refusal;
}

/* Shows the page of the one who is signed in, or the form. */
async function begin() {
  if (!token) return show();
  try {
    const me = await request("/v1/me");
    if (me.status === 401) return signOut(text("ended"));
    const body = await me.json();
    if (!me.ok) return signOut(body.code === "password_change_required" ? text("mustChange") : body.detail || body.title);
    if (!body.permissions.includes("overview:read")) {
      await signOut();
      return refuse(text("notLeader"));
    }
    person = body.user.name;
    await Promise.all([refresh(), recall()]);
    if (!token) return;
    show();
    at("main").focus();
    follow();
  } catch {
    refuse(text("failed"));
    show();
  }
}

/* Whether an entry of the log is for the page: who came and went is not. */
const isShown = (entry) => !["session", "token"].includes(entry.subject_type);

/* Reads what happened last. */
async function recall() {
  const answer = await request("/v1/events?limit=50");
  if (answer.ok) events = (await answer.json()).data.filter(isShown).slice(0, 12);
}

let isRefreshing = false;
let isStale = false;

/* Reads the overview; what happens meanwhile has it read once more, a second later. */
async function refresh() {
  if (isRefreshing) { isStale = true; return; }
  isRefreshing = true;
  try {
    const answer = await request("/v1/overview");
    if (answer.status === 401) return await signOut(text("ended"));
    if (answer.ok) {
      picture = await answer.json();
      draw();
    }
  } finally {
    setTimeout(() => {
      isRefreshing = false;
      if (isStale && token) { isStale = false; refresh().catch(() => {}); }
    }, 1000);
  }
}

/* The stream */

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function follow() {
  stream?.abort();
  const own = stream = new AbortController();
  let last = "";
  let wait = 1000;
  while (token && !own.signal.aborted) {
    try {
      const headers = { Accept: "text/event-stream" };
      if (last) headers["Last-Event-ID"] = last;
      const answer = await request("/v1/events", { headers, signal: own.signal });
      if (answer.status === 401) return signOut(text("ended"));
      if (!answer.ok) throw new Error(String(answer.status));
      setLive(true);
      wait = 1000;
      // What happened while there was no stream.
      refresh().catch(() => {});
      await read(answer.body, (event) => {
        if (event.id) last = event.id;
        if (event.data) take(event);
      });
    } catch {
      if (own.signal.aborted) return;
    }
    setLive(false);
    await pause(wait);
    wait = Math.min(wait * 2, 30000);
  }
}

/* Takes a body of server-sent events apart. */
async function read(body, give) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { data: "" };
      for (const line of block.split("\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
      }
      give(event);
    }
  }
}

function take(event) {
  if (event.event === "reset") {
    recall().then(drawLatest).catch(() => {});
  } else {
    const entry = JSON.parse(event.data);
    if (!isShown(entry)) return;
    events = [entry, ...events.filter((each) => each.seq < entry.seq)].slice(0, 12);
  }
  drawLatest();
  refresh().catch(() => {});
}

function setLive(value) {
  isLive = value;
  const status = at("connection");
  status.className = isLive ? "live" : "";
  status.textContent = token && picture ? text(isLive ? "live" : "connecting") : "";
}

/* The page */

function show() {
  document.documentElement.lang = language;
  document.title = `SI-KIMR · ${text("title")}`;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = text(place.dataset.text);
  for (const place of document.querySelectorAll("[data-label]")) place.ariaLabel = text(place.dataset.label);
  for (const button of document.querySelectorAll("[data-language]")) button.ariaPressed = String(button.dataset.language === language);
  const isIn = Boolean(token && picture);
  at("sign-in").hidden = isIn;
  at("picture").hidden = !isIn;
  at("person").hidden = !isIn;
  at("name").textContent = person;
  at("refusal").textContent = refusal;
  setLive(isLive);
  if (isIn) draw(); else at("updated").textContent = "";
}

function draw() {
  figure("open", number(picture.open));
  figure("overdue", number(picture.overdue));
  figure("due-today", number(picture.due_today));
  figure("on-time-rate", percent(picture.on_time_rate));
  drawChart();
  drawKinds();
  drawOverdue();
  drawOfficers();
  drawLatest();
  at("updated").textContent = `${text("updated")} ${moment(picture.generated_at)}`;
}

function figure(id, value) {
  const place = at(id);
  if (place.textContent === value) return;
  const isFirst = place.textContent === "–";
  place.textContent = value;
  if (isFirst) return;
  place.classList.remove("changed");
  void place.offsetWidth;
  place.classList.add("changed");
}

function drawChart() {
  const days = picture.throughput;
  // As wide as its place, so that its words are as large as all others.
  const [width, height, floor] = [Math.max(260, at("chart").clientWidth), 200, 175];
  const highest = Math.max(1, ...days.flatMap((each) => [each.opened, each.closed]));
  // Even, so that its half is a whole number too.
  const most = highest === 1 ? 1 : highest + highest % 2;
  const step = (width - 40) / days.length;
  const scale = (count) => count / most * (floor - 15);
  const chart = drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text("chart") });
  for (const part of [0, 0.5, 1]) {
    const y = floor - part * (floor - 15);
    chart.append(drawing("line", { x1: 36, x2: width, y1: y, y2: y }));
    if (part !== 0.5 || most > 1) chart.append(drawing("text", { x: 30, y: y + 4, "text-anchor": "end" }, number(most * part)));
  }
  days.forEach((each, place) => {
    const x = 40 + place * step;
    const half = (step - 3) / 2;
    chart.append(drawing("rect", { class: "opened", x, width: half, y: floor - scale(each.opened), height: scale(each.opened) }));
    chart.append(drawing("rect", { class: "closed", x: x + half, width: half, y: floor - scale(each.closed), height: scale(each.closed) }));
    if (place % 7 === 2) chart.append(drawing("text", { x: x + half, y: height - 6, "text-anchor": "middle" }, day(each.date)));
  });
  at("chart").replaceChildren(chart);
  at("chart-table").replaceChildren(table(["date", "opened", "closed"], days.toReversed().map((each) => [
    day(each.date), numeric(each.opened), numeric(each.closed),
  ])));
}

function drawKinds() {
  const most = Math.max(1, ...picture.kinds.flatMap((kind) => kind.states.map((state) => state.open)));
  at("kinds").replaceChildren(...picture.kinds.map((kind) => {
    const heading = element("h3", {}, element("span", { textContent: text("kinds")[kind.kind] ?? kind.kind }), loadText(kind));
    if (kind.states.length === 0) return element("div", {}, heading, element("p", { className: "empty", textContent: text("none") }));
    const rows = kind.states.map((state) => element("li", {},
      element("span", { textContent: stateName(state.status) }), bar(state, most), loadText(state)));
    return element("div", {}, heading, element("ul", { className: "bars" }, ...rows));
  }));
}

/* How many are open, and how many of them overdue. */
function loadText(load) {
  const made = element("span", { className: "number" }, number(load.open));
  if (load.overdue > 0) made.append(" ", element("span", { className: "late", textContent: `(${number(load.overdue)} ${text("late")})` }));
  return made;
}

function bar(load, most) {
  const parts = [["bad", load.overdue], ["", load.open - load.overdue]].map(([className, count]) => {
    const part = element("i", { className });
    part.style.width = `${count / most * 100}%`;
    return part;
  });
  const made = element("span", { className: "bar" }, ...parts);
  made.ariaHidden = "true";
  return made;
}

function drawOverdue() {
  at("overdue-cases").replaceChildren(table(["number", "subject", "kind", "state", "officer", "since"], picture.overdue_cases.map((each) => [
    element("td", { className: "nowrap", textContent: each.number }), element("td", { className: "title", textContent: each.title }),
    text("kinds")[each.kind] ?? each.kind, stateName(each.status), each.officer?.name || "–",
    element("td", { className: "nowrap late", textContent: moment(each.due_at) }),
  ])));
}

function drawOfficers() {
  const most = Math.max(1, ...picture.officers.map((each) => each.open));
  at("officers").replaceChildren(table(["officer", "open", "overdue", "dueToday"], picture.officers.slice(0, 15).map((each) => [
    element("td", {}, each.officer.name, bar(each, most)), numeric(each.open), numeric(each.overdue, each.overdue > 0), numeric(each.due_today),
  ])));
}

function drawLatest() {
  if (events.length === 0) return at("latest").replaceChildren(element("li", { className: "empty", textContent: text("none") }));
  at("latest").replaceChildren(...events.map((entry) => {
    const name = entry.type.split(".")[1];
    const known = text("events");
    const isNotice = entry.type.startsWith("step.");
    const kind = text("kinds")[entry.subject_type] ?? text("others")[entry.subject_type] ?? entry.subject_type;
    let what = isNotice ? known[entry.type] : known[name] ?? name.replaceAll("-", " ").replaceAll("_", " ");
    if (!isNotice && entry.to && entry.to !== entry.from && name !== "create") what = `${known.to} ${stateName(entry.to).toLowerCase()}`;
    const line = element("span", { className: isNotice ? (name === "overdue" ? "bad" : "soon") : "" }, `${kind}: ${what}`);
    line.append(element("br"), element("span", { className: "empty", textContent: entry.actor?.name ?? text("someone") }));
    return element("li", {}, element("time", { dateTime: entry.time, textContent: clock(entry.time) }), line);
  }));
}

function numeric(value, isLate = false) {
  return element("td", { className: isLate ? "number late" : "number", textContent: number(value) });
}

function table(columns, rows) {
  if (rows.length === 0) return element("p", { className: "empty", textContent: text("none") });
  const isNumeric = rows[0].map((cell) => cell instanceof HTMLElement && cell.classList.contains("number"));
  const head = element("tr", {}, ...columns.map((name, place) =>
    element("th", { scope: "col", textContent: text(name), className: isNumeric[place] ? "number" : "" })));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell) =>
    cell instanceof HTMLElement ? cell : element("td", { textContent: cell }))));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
}

/* The beginning */

at("sign-in").addEventListener("submit", (event) => { event.preventDefault(); signIn(event.target); });
at("sign-out").addEventListener("click", () => signOut());
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    remember(localStorage, "language", language);
    refusal = "";
    show();
  });
}
// What is due changes with the clock alone; and a page that nobody looks at need not be fresh.
setInterval(() => { if (token && picture && !document.hidden) refresh().catch(() => {}); }, 60000);
new ResizeObserver(() => requestAnimationFrame(() => { if (picture && at("chart").clientWidth > 0) drawChart(); })).observe(at("chart"));
show();
begin();
