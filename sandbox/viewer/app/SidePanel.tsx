import { useState } from "react";
import { Faults } from "./Faults.js";
import { Guide } from "./Guide.js";
import { Requests } from "./Requests.js";

const TABS = { try: "Try this", requests: "Requests", faults: "Bad day" } as const;
type Tab = keyof typeof TABS;

/** What there is to try, what the bot asks of Discord, and what can go wrong. */
export function SidePanel({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  const [tab, setTab] = useState<Tab>("try");
  return (
    <aside className={open ? "panel open" : "panel"} aria-label="Behind the scenes">
      <div role="tablist" className="tabs">
        {(Object.keys(TABS) as Tab[]).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === tab}
            onClick={() => setTab(name)}
          >
            {TABS[name]}
          </button>
        ))}
        <button type="button" className="narrow" aria-label="Close" onClick={close}>
          ×
        </button>
      </div>
      {/* Hidden, not gone: requests are counted while one looks elsewhere. */}
      <div role="tabpanel" hidden={tab !== "try"}>
        <Guide />
      </div>
      <div role="tabpanel" hidden={tab !== "requests"}>
        <Requests />
      </div>
      <div role="tabpanel" hidden={tab !== "faults"}>
        <Faults />
      </div>
    </aside>
  );
}
