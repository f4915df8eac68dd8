// Looks once again when the doors open. Without it the page has a link that does the same.
for (const waiting of document.querySelectorAll("[data-opens-in]")) {
  const seconds = Number(waiting.dataset.opensIn);
  // Browsers count no longer than 24 days; and not everybody at the same moment.
  if (seconds < 86_400) setTimeout(() => location.reload(), (seconds + Math.random() * 5) * 1000);
}
