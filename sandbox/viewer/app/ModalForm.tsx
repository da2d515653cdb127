import { useEffect, useRef, useState } from "react";
import type { Modal } from "../../contract/interactions.js";
import type { WireComponent } from "../../contract/wire.js";
import { Option, presetOf, useOptions } from "./Components.js";
import { Markdown } from "./Markdown.js";

interface Field {
  readonly label: string;
  readonly description: string | undefined;
  readonly input: WireComponent;
}
type Line = { readonly kind: "text"; readonly text: string } | ({ readonly kind: "field" } & Field);

/** A form's lines, whether its inputs stand in labels or in rows. */
const linesOf = (component: WireComponent): Line[] => {
  switch (component.type) {
    case 10:
      return [{ kind: "text", text: component.content ?? "" }];
    case 18:
      return component.component === undefined
        ? []
        : [
            {
              kind: "field",
              label: component.label ?? "",
              description: component.description ?? undefined,
              input: component.component,
            },
          ];
    case 4:
      return [{ kind: "field", label: component.label ?? "", description: undefined, input: component }];
    default:
      return (component.components ?? []).flatMap(linesOf);
  }
};

const TEXT_INPUT = 4;
const PARAGRAPH = 2;

export function ModalForm({
  modal,
  send,
  close,
}: {
  readonly modal: Modal;
  /** Resolves with what the Discord client would say against sending it, if anything. */
  readonly send: (values: Record<string, string>) => Promise<string | undefined>;
  readonly close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const lines = modal.components.flatMap(linesOf);
  const [values, setValues] = useState(() =>
    Object.fromEntries(
      lines.flatMap((line) =>
        line.kind === "field"
          ? [[line.input.custom_id ?? "", line.input.value ?? presetOf(line.input).join(",")]]
          : [],
      ),
    ),
  );
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog ref={dialog} className="modal" aria-labelledby="modal-title" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setSending(true);
          void send(values)
            .then(setProblem)
            .finally(() => setSending(false));
        }}
      >
        <h2 id="modal-title">{modal.title}</h2>
        <div className="fields">
          {lines.map((line, index) =>
            line.kind === "text" ? (
              <p key={index} className="prompt">
                <Markdown text={line.text} />
              </p>
            ) : (
              <label key={index}>
                <b>
                  {line.label}
                  {line.input.required !== false && <i aria-hidden> *</i>}
                </b>
                {line.description !== undefined && <small>{line.description}</small>}
                <Input
                  input={line.input}
                  value={values[line.input.custom_id ?? ""] ?? ""}
                  change={(value) => setValues((all) => ({ ...all, [line.input.custom_id ?? ""]: value }))}
                />
              </label>
            ),
          )}
        </div>
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" className="button secondary" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={sending}>
            Submit
          </button>
        </footer>
      </form>
    </dialog>
  );
}

interface InputProps {
  readonly input: WireComponent;
  readonly value: string;
  readonly change: (value: string) => void;
}

/** A select of any kind; what is chosen is sent with commas between. */
function Choose({ input, value, change }: InputProps) {
  const options = useOptions(input);
  const several = (input.max_values ?? 1) > 1;
  return (
    <select
      multiple={several}
      value={several ? value.split(",") : value}
      required={input.required !== false}
      onChange={({ target }) => change([...target.selectedOptions].map((one) => one.value).join(","))}
    >
      {!several && (
        <option value="" disabled={input.required !== false}>
          {input.placeholder ?? "Make a selection"}
        </option>
      )}
      {options.map((option) => (
        <Option key={option.value} option={option} />
      ))}
    </select>
  );
}

function Input({ input, value, change }: InputProps) {
  const common = {
    value,
    required: input.required !== false,
    ...(input.min_length !== undefined && { minLength: input.min_length }),
    ...(input.max_length !== undefined && { maxLength: input.max_length }),
    ...(input.placeholder !== undefined && { placeholder: input.placeholder }),
  };
  if (input.type !== TEXT_INPUT) return <Choose input={input} value={value} change={change} />;
  return input.style === PARAGRAPH ? (
    <textarea {...common} rows={3} onChange={({ target }) => change(target.value)} />
  ) : (
    <input {...common} type="text" onChange={({ target }) => change(target.value)} />
  );
}
