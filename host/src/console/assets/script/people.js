// input type=file data-read-into="ID": what is in the file is put into that text area, to be looked at and sent.
for (const input of document.querySelectorAll("input[data-read-into]")) {
  input.closest("[hidden]")?.removeAttribute("hidden");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    document.getElementById(input.dataset.readInto).value = await file.text();
    say(`${file.name} was read; look at it below, and go on.`);
  });
}
