/** Uploaded files, for the CDN. The oldest go when there is too much. */
export interface StoredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const LIMIT_BYTES = 128 * 1024 * 1024;

export class Files {
  private readonly files = new Map<string, StoredFile>();
  private total = 0;

  put(id: string, file: StoredFile): void {
    this.total -= this.files.get(id)?.bytes.length ?? 0;
    this.files.set(id, file);
    this.total += file.bytes.length;
    for (const [oldId, old] of this.files) {
      if (this.total <= LIMIT_BYTES) break;
      this.files.delete(oldId);
      this.total -= old.bytes.length;
    }
  }

  get(id: string): StoredFile | undefined {
    return this.files.get(id);
  }
}
