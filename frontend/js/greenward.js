// The frame: the tree's sheet is open where there is room; menus close; charts are loaded where a page has one.
const wide = matchMedia("(min-width: 62rem)");
const sheet = document.querySelector(".side > details");

function fitSheet() {
  if (sheet) sheet.open = wide.matches;
}
fitSheet();
wide.addEventListener("change", fitSheet);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A select with data-submit sends its form when changed; without JavaScript the form's button does.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
