// Scanning by camera where the browser reads codes by itself. No picture leaves the device; without it the field stays.
"use strict";
(() => {
  const form = document.querySelector("form[data-scanning]");
  if (!form || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const button = form.querySelector("[data-camera]");
  const said = form.querySelector("[data-camera-said]");
  const video = form.querySelector("[data-camera-seen]");
  const code = form.querySelector("[name=code]");
  const AGAIN = 200;
  let stream = null;

  const say = (text) => { said.textContent = text; said.hidden = !text; };
  const stop = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    say("");
  };

  const look = async (detector) => {
    if (!stream) return;
    try {
      const [found] = await detector.detect(video);
      if (found) {
        stop();
        code.value = found.rawValue;
        form.requestSubmit();
        return;
      }
    } catch {
      // A frame that is not there yet is looked at again.
    }
    window.setTimeout(() => look(detector), AGAIN);
  };

  const start = async () => {
    if (stream) { stop(); return; }
    try {
      const detector = new window.BarcodeDetector();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      say(said.dataset.looking);
      look(detector);
    } catch {
      stop();
      say(said.dataset.refused);
    }
  };

  button.hidden = false;
  button.addEventListener("click", start);
  window.addEventListener("pagehide", stop);
})();
