// What whoever can write the database, but has no key, does to its rows.
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

// Runs SQL on a database that no server has open. Returns the function that puts it back as it was.
export function alter(file, sql) {
  const copy = `${file}.before`;
  fold(file);
  copyFileSync(file, copy);
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return () => {
    for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) rmSync(file + suffix);
    copyFileSync(copy, file);
  };
}

// Everything into the one file.
function fold(file) {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

export function rows(file, sql) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
