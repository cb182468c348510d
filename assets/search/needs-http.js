// A page opened from disk may not load modules or data: here it says so. Served, it does nothing.
// A classic script, because a module would not load there either.

if (location.protocol === "file:") {
  document.querySelector('[data-says="file"]').hidden = false;
}
