// Comments and questions at a field: shown in place, written also without a network.
import { device } from "../device.js";

async function show(link, box) {
  const { server } = await device;
  const html = await server.fragment(link.href).catch(() => undefined);
  if (html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    box.replaceChildren(...parsed.body.childNodes);
    return;
  }
  box.replaceChildren(document.getElementById("survey-remark").content.cloneNode(true));
  const form = box.querySelector("form");
  form.action = link.href.split("?")[0];
  form.elements.field.value = new URL(link.href).searchParams.get("field") ?? "";
  form.elements.text.id = `say-${form.elements.field.value}`;
  form.querySelector("label").htmlFor = form.elements.text.id;
}

async function toggle(link) {
  const open = link.getAttribute("aria-expanded") === "true";
  link.setAttribute("aria-expanded", String(!open));
  let box = document.getElementById(link.getAttribute("aria-controls"));
  if (open) {
    box.hidden = true;
    return;
  }
  if (!box) {
    box = document.createElement("div");
    box.className = "remarks";
    box.id = link.getAttribute("aria-controls");
    link.closest("[data-remarks-at]").append(box);
  }
  box.hidden = false;
  await show(link, box);
  box.querySelector("textarea")?.focus();
}

async function say(form, button) {
  const { queue, sender } = await device;
  const body = Object.fromEntries(new FormData(form, button));
  delete body.csrfmiddlewaretoken;
  for (const name of ["is_question", "settle"]) body[name] = body[name] === "1";
  if (body.question) body.question = Number(body.question);
  await queue.say(new URL(form.action).pathname, body);
  form.elements.text.value = "";
  form.querySelector("[data-said]").hidden = false;
  sender.soon(0);
}

export async function listen() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-remarks]");
    if (!link || event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    toggle(link);
  });
  const onSubmit = (event) => {
    if (!event.target.matches("form[data-remark]")) return;
    event.preventDefault();
    say(event.target, event.submitter);
  };
  document.addEventListener("submit", onSubmit, { capture: true }); // it stands inside a section's form, which stops the event
  const { sender } = await device;
  sender.addEventListener("said", () => {
    for (const link of document.querySelectorAll('a[data-remarks][aria-expanded="true"]')) show(link, document.getElementById(link.getAttribute("aria-controls")));
  });
  sender.addEventListener("unsaid", ({ detail }) => {
    for (const form of document.querySelectorAll("form[data-remark]")) {
      if (new URL(form.action).pathname !== detail.url) continue;
      form.elements.text.value ||= detail.text;
      const told = form.querySelector("[data-said]");
      told.hidden = false;
      told.textContent = detail.message;
    }
  });
}
