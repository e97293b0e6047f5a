// All events of these filters as a file: the browser takes it straight from the server, however large it is.
import { Button, Menu } from '@mantine/core';

const kFormats = [
  { format: 'csv', label: 'CSV, for a spreadsheet' },
  { format: 'jsonl', label: 'JSON, a line each' },
];

export function Export({ filters }: { filters: Record<string, string | undefined> }) {
  const address = (format: string) => {
    const query = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
    return `/log/export?${query}`;
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kFormats.map(({ format, label }) => (
          <Menu.Item key={format} component="a" href={address(format)} download={`patchbay-log.${format}`}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
