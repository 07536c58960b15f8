// The bar's menu: closes by Escape or a tap elsewhere, applies the look at once, and logs out without leaving drafts.
const menu = document.getElementById("account");
const theme = document.getElementById("theme");

document.addEventListener("click", ({ target }) => menu.contains(target) || menu.removeAttribute("open"));
menu.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
theme.addEventListener("change", () => theme.requestSubmit());
document.getElementById("logout").addEventListener("submit", () => sessionStorage.clear());
