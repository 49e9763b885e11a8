import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, type Production } from "./client";
import { keys } from "./keys";

export type Upload = Production["Upload"];

/** What was brought along: music, footage and pictures, newest first. */
export const useUploads = () => useQuery({ queryKey: keys.uploads, queryFn: () => got(api.GET("/v1/uploads")), staleTime: 10_000 });

export interface Brought {
  file: File;
  kind: Production["UploadKind"];
  title: string;
  licence: Production["LicenceKind"];
}

/** Bring a file along. The same bytes once more are the same upload. */
export function useUpload() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, ...query }: Brought) => {
      const bytes = await file.arrayBuffer();
      // They go out as they are, and not as JSON.
      const asTheyAre = { body: "", bodySerializer: () => bytes, headers: { "Content-Type": "application/octet-stream" } };
      return got(api.POST("/v1/uploads", { params: { query }, ...asTheyAre }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.uploads }),
  });
}
