import { useEffect, useState } from "react";
import type { RequestRecord } from "../../contract/log.js";
import { control, useRequests } from "./control.js";

const KEPT = 200;

/** What the bot asked of Discord, newest first, with Discord's answer and how long it took. */
export function Requests() {
  const [records, setRecords] = useState<readonly RequestRecord[]>([]);
  const [open, setOpen] = useState<number>();
  useEffect(() => {
    void control
      .call("requests", {})
      .then((past) => setRecords((fresh) => [...fresh, ...past.reverse()].slice(0, KEPT)));
  }, []);
  useRequests((record) => setRecords((all) => [record, ...all].slice(0, KEPT)));
  if (records.length === 0) return <p>The bot has not asked for anything yet.</p>;
  return (
    <ul className="requests">
      {records.map((record) => (
        <li key={record.seq}>
          <button
            type="button"
            aria-expanded={open === record.seq}
            onClick={() => setOpen((now) => (now === record.seq ? undefined : record.seq))}
          >
            <b className={record.status >= 400 ? "bad" : "good"}>{record.status}</b>
            <span>
              {record.method} {record.route}
            </span>
            <small>{record.ms.toFixed(1)} ms</small>
          </button>
          {open === record.seq && (
            <pre>
              {record.path}
              {record.code !== undefined && `\ncode ${record.code}`}
              {record.reason !== undefined && `\nreason: ${record.reason}`}
              {record.body !== undefined && `\n${JSON.stringify(record.body, null, 2)}`}
            </pre>
          )}
        </li>
      ))}
    </ul>
  );
}
