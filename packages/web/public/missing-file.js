// Says which file of the page is missing. A script of its own, and a plain one: it works where the page's modules do not.
addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const say = () => {
      const status = document.getElementById("status");
      const toast = document.getElementById("toast");
      if (!status || !toast) return;
      status.textContent = `A file of this page is missing: ${target.src}`;
      toast.className = "toast problem";
      toast.hidden = false;
    };
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else say();
  },
  true,
);
