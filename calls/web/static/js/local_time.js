// Says each moment in the reader's own zone too, and presets a zone to choose. All pages work without it.
{
  // Browsers still report some zones by names that have been replaced.
  const RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires", "America/Godthab": "America/Nuuk", "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu", "Asia/Rangoon": "Asia/Yangon", "Asia/Saigon": "Asia/Ho_Chi_Minh", "Europe/Kiev": "Europe/Kyiv",
  };
  const reported = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  const here = RENAMED[reported] ?? reported;
  const place = here === "UTC" ? here : `${here.split("/").at(-1).replaceAll("_", " ")} time`;

  const said = (moment, timeZone) => {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone, weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "longOffset",
    });
    const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    const offset = part.timeZoneName === "GMT" ? "UTC+00:00" : part.timeZoneName.replace("GMT", "UTC").replace("-", "−");
    return { offset, words: `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute}` };
  };

  for (const time of document.querySelectorAll("time[datetime][data-local]")) {
    const moment = new Date(time.dateTime);
    const mine = said(moment, reported);
    if (mine.offset === said(moment, time.dataset.local || "UTC").offset) continue;
    const line = document.createElement("span");
    line.className = "local";
    line.textContent = `For you: ${mine.words}, ${place} (${mine.offset})`;
    const when = time.closest(".when");
    if (when) when.append(line);
    else time.after(line);
  }

  for (const select of document.querySelectorAll("select[name=zone][data-zone]")) {
    const options = [...select.options];
    const preset = options.find((option) => option.defaultSelected) ?? options[0];
    const own = options.find((option) => option.value === here) ?? options.find((option) => option.value === reported);
    if (own && preset.selected) own.selected = true;
  }
}
