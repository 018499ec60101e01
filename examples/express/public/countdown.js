// Counts down the remaining lifetime of tokens, and shows times in the reader's own time zone.
// Without it, the page shows what was true when it was made.

const formatDuration = (seconds) => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [hours > 0 && `${hours} h`, (hours > 0 || minutes > 0) && `${minutes} min`, `${seconds % 60} s`];
  return parts.filter(Boolean).join(' ');
};

const TIME_FORMAT = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' };

for (const time of document.querySelectorAll('time[data-local]')) {
  time.textContent = new Date(time.dateTime).toLocaleString('en', TIME_FORMAT);
}

// Counted from now by this clock, whatever the time is on it.
const startedAtMs = Date.now();
const countdowns = [...document.querySelectorAll('[data-countdown]')];

const update = () => {
  const elapsed = Math.floor((Date.now() - startedAtMs) / 1000);
  for (const countdown of countdowns) {
    const seconds = Math.max(0, Number(countdown.dataset.countdown) - elapsed);
    countdown.textContent = seconds > 0 ? formatDuration(seconds) : 'expired';
    countdown.closest('section').querySelector('progress').value = seconds;
  }
};

if (countdowns.length > 0) setInterval(update, 1000);
