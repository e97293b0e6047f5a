// Line drawings on a 24 by 24 grid, as paths: no package, no font, no request.
const paths = {
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  accounts: 'M4 7h16v12H4zM8 7V4h8v3M4 12h16',
  activity: 'M3 12h4l3-8 4 16 3-8h4',
  log: 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3',
  approvals: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.500-1-8-4-8-9V6zM9 12l2 2 4-4',
  integrations: 'M9 3v5M15 3v5M6 8h12v4a6 6 0 01-12 0zM12 18v3',
  tokens: 'M14 10a4 4 0 11-3.500-4 4 4 0 013.500 4zM14 10h7M18 10v3M21 10v3',
  webhooks: 'M4 12h12M12 8l4 4-4 4M20 5v14',
  environments: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.500h.01M8 16.500h.01',
  search: 'M11 18a7 7 0 110-14 7 7 0 010 14zM16 16l5 5',
  sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M19 5l-1.400 1.400M6.400 17.600L5 19',
  moon: 'M20 14.500A8.500 8.500 0 019.500 4 8.500 8.500 0 1020 14.500z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12l5 5 9-10',
  plus: 'M12 5v14M5 12h14',
  back: 'M11 5l-7 7 7 7M4 12h16',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4l12 8-12 8z',
  rotate: 'M4 12a8 8 0 0113.500-5.800L20 8M20 3v5h-5M20 12a8 8 0 01-13.500 5.800L4 16M4 21v-5h5',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  user: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21a8 8 0 0116 0',
  flask: 'M9 3h6M10 3v6l-5 10a1.500 1.500 0 001.300 2h11.400a1.500 1.500 0 001.300-2L14 9V3M7.500 15h9',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
