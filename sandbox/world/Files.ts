/** Uploaded files, for the CDN. The oldest go when there is too much. */
export interface StoredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const LIMIT_BYTES = 128 * 1024 * 1024;

export class Files {
  readonly all = new Map<string, StoredFile>();
  private total = 0;

  put(id: string, file: StoredFile): void {
    this.total -= this.all.get(id)?.bytes.length ?? 0;
    this.all.set(id, file);
    this.total += file.bytes.length;
    for (const [oldId, old] of this.all) {
      if (this.total <= LIMIT_BYTES) break;
      this.all.delete(oldId);
      this.total -= old.bytes.length;
    }
  }

  get(id: string): StoredFile | undefined {
    return this.all.get(id);
  }

  replaceAll(files: ReadonlyMap<string, StoredFile>): void {
    this.all.clear();
    this.total = 0;
    // What was saved has lost its buffers: bytes come back as plain ones.
    for (const [id, file] of files) this.put(id, { ...file, bytes: Buffer.from(file.bytes) });
  }
}
