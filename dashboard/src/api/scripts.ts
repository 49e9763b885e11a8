import { useMutation } from "@tanstack/react-query";
import { api, got, type Production } from "./client";

export type ReadScript = Production["ReadScript"];

/** Read a finished script from somebody's file; nothing of it is kept. */
export const useReadScript = () =>
  useMutation({
    mutationFn: async (file: File) => {
      // The bytes go out as they are; the schema calls them a string.
      const bytes = (await file.arrayBuffer()) as unknown as string;
      return got(
        api.POST("/v1/scripts/read", {
          params: { query: { name: file.name } },
          headers: { "Content-Type": "application/octet-stream" },
          body: bytes,
          bodySerializer: (body) => body,
        }),
      );
    },
  });
