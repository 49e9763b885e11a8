import { useMutation } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Run } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { complain, say } from "@/components/toasts";

/** What a run can show for itself, as a signed file; for whoever began it, and for who answers for what goes out. */
export function Evidence({ run }: { run: Run }) {
  const me = useMe().data;
  const packing = useMutation({
    // Asked for here and not by a link, so that a refusal is read as a sentence and not saved as a file.
    mutationFn: () => got(api.GET("/v1/runs/{run_id}/evidence", { params: { path: { run_id: run.run_id } }, parseAs: "blob" })),
    onSuccess: (pack) => {
      const name = `evidence-${run.run_id}.zip`;
      save(pack, name);
      say(`Packed and signed. greenlight-verify ${name} checks it, without a network.`);
    },
    onError: complain,
  });
  if (run.created_by !== me?.user_id && !holds(me, "compliance_officer")) return null;
  return <Button busy={packing.isPending} onClick={() => packing.mutate()}>{packing.isPending ? "Packing …" : "Evidence"}</Button>;
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // A browser may come to it a moment after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
