// Ways in by passkey are shown where the browser has them; what it refuses is said on the page.
if (window.PublicKeyCredential) {
  for (const each of document.querySelectorAll("[data-needs-passkeys]")) each.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const each of document.querySelectorAll("[data-passkey-refused]")) each.hidden = false;
});
