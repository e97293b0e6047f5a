// Days by the sandbox's clock, which is now's: a day that a test writes out is one whose time sheet somebody has
// handed in, or whose invoice is overdue, some weeks later.

const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

// A day so many days from now, as YYYY-MM-DD. Of today's week no time sheet is handed in.
export const kToday = at(0);
export const dayAhead = (days) => at(days);
// An hour of today.
export const hourOfToday = (hour) => `${kToday}T${String(hour).padStart(2, '0')}:00:00Z`;
