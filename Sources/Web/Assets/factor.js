// Passkeys: asks the device, puts its answer into the form beside the button and sends that. Without this script the
// buttons stay hidden and all other ways in work.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (ids) => ids.map((id) => ({ type: "public-key", id: bytes(id) }));

  const creation = (options) => ({
    rp: { id: options.party, name: "HER-SYS" },
    user: { id: bytes(options.handle), name: options.login, displayName: options.login },
    challenge: bytes(options.challenge),
    pubKeyCredParams: options.algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: named(options.credentials),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    attestation: "none",
    timeout: 120000,
  });

  const request = (options) => ({
    rpId: options.party,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.credentials),
    // After the password the device itself is the second factor; alone it has to know whose finger it is.
    userVerification: options.verification ? "required" : "discouraged",
    timeout: 120000,
  });

  const answer = (credential) => {
    const response = credential.response;
    const fields = { client: text(response.clientDataJSON) };
    if (response.attestationObject) {
      fields.attestation = text(response.attestationObject);
    } else {
      fields.credential = text(credential.rawId);
      fields.data = text(response.authenticatorData);
      fields.signature = text(response.signature);
      fields.handle = response.userHandle ? text(response.userHandle) : "";
    }
    return fields;
  };

  const words = (error, isNew) => {
    switch (error && error.name) {
      case "InvalidStateError": return "この端末のパスキーはすでに登録されています。";
      case "NotAllowedError":
        return isNew ? "パスキーの登録が中止されました。もう一度ボタンを押してください。"
          : "パスキーの確認が中止されました。もう一度ボタンを押すか、ほかの方法でログインしてください。";
      case "NotSupportedError": return "この端末では、このシステムで使えるパスキーを作れません。";
      default: return "パスキーを使えませんでした。時間をおいてもう一度お試しください。";
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    // A passkey belongs to one address: at any other one the browser would only refuse.
    if (location.origin !== form.dataset.origin) continue;
    const isNew = form.dataset.passkey === "create";
    const place = form.querySelector("[data-passkey-words]");
    const button = form.querySelector("button");
    form.closest("[data-passkey-block]").hidden = false;
    for (const other of document.querySelectorAll("[data-passkey-without]")) other.hidden = true;

    form.addEventListener("submit", async (event) => {
      // A name that is missing is told before the device is asked.
      if (form.dataset.ready || (isNew && !form.elements.name.value.trim())) return;
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      place.textContent = "";
      try {
        let options = form.dataset.options;
        if (!options) {
          const reply = await fetch(form.dataset.ask, { method: "POST", credentials: "same-origin" });
          if (!reply.ok) throw new Error();
          options = await reply.text();
        }
        options = JSON.parse(options);
        const credential = isNew
          ? await navigator.credentials.create({ publicKey: creation(options) })
          : await navigator.credentials.get({ publicKey: request(options) });
        for (const [name, value] of Object.entries(answer(credential))) form.elements[name].value = value;
        form.dataset.ready = "1";
        form.submit();
      } catch (error) {
        place.textContent = words(error, isNew);
        button.disabled = false;
      }
    });
  }
})();
