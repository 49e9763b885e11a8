import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { Refused } from "@/api/client";
import { useSignIn } from "@/api/session";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { text } from "@/components/format";
import { onward } from "./onward";
import "./sign-in.css";

/** The way in: a link that works once, a name and a password, or an API key. */
export function SignIn() {
  const go = useNavigate();
  const next: unknown = useSearch({ strict: false, select: (search: { next?: unknown }) => search.next });
  const goOn = useCallback(() => void go({ href: onward(next), replace: true }), [go, next]);
  const signIn = useSignIn();
  const [way, setWay] = useState<"password" | "key">("password");
  const tried = useRef(false);
  const [byLink, setByLink] = useState(() => location.hash.length > 1);

  useEffect(() => {
    document.title = "Sign in · Greenlight";
    const link = location.hash.slice(1);
    if (!link || tried.current) return;
    tried.current = true;
    // Out of the address before anything else: histories and screens are read by others.
    history.replaceState(null, "", location.pathname + location.search);
    signIn.mutate({ link }, { onSuccess: goOn, onError: () => setByLink(false) });
  }, [goOn, signIn]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => text(form.get(name)).trim();
    const given =
      way === "key"
        ? { key: typed("key") }
        : { user_id: typed("user_id"), password: text(form.get("password")), tenant: typed("tenant") || "default" };
    signIn.mutate(given, { onSuccess: goOn });
  };

  return (
    <main className="sign-in">
      <div className="sign-in-lamp" aria-hidden />
      <div className="sign-in-body">
        <p className="wordmark">
          <i aria-hidden /> Greenlight
        </p>
        <h1>{byLink ? "Letting you in …" : "Nothing leaves without a green light."}</h1>
        {!byLink && (
          <form onSubmit={submit}>
            <Choices label="How to sign in" value={way} onChange={setWay} options={[["password", "Password"], ["key", "API key"]]} />
            {way === "password" ? (
              <>
                <Field name="user_id" label="Name" autoComplete="username" required />
                <Field name="password" label="Password" type="password" autoComplete="current-password" required />
                <details>
                  <summary className="dim sm">Another tenant</summary>
                  <Field name="tenant" label="Tenant" placeholder="default" />
                </details>
              </>
            ) : (
              <Field name="key" label="API key" type="password" autoComplete="off" required placeholder="gl_…" />
            )}
            {signIn.isError && (
              <p className="wrong" role="alert">
                {signIn.error instanceof Refused && signIn.error.status === 422 ? "Fill in both fields." : signIn.error.message}
              </p>
            )}
            <Button tone="go" type="submit" busy={signIn.isPending}>
              {signIn.isPending ? "Signing in …" : "Sign in"}
            </Button>
            <p className="faint sm">
              On the machine it runs on, <code>./greenlight sign-in</code> prints a link that lets you in.
            </p>
          </form>
        )}
      </div>
    </main>
  );
}

function Field({ label, name, ...rest }: { label: string; name: string } & React.InputHTMLAttributes<HTMLInputElement>) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input id={name} name={name} className="input" spellCheck={false} autoCapitalize="none" {...rest} />
    </div>
  );
}
