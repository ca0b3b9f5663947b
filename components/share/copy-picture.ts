/** Copies a PNG of our own server. Only pages of https and localhost may do that. */
export async function copyPicture(url: string): Promise<boolean> {
  try {
    const fetched = fetch(url).then(async (response) => {
      if (!response.ok) throw new Error(`the picture was answered with ${response.status}`);
      return await response.blob();
    });
    // The promise goes in as it is: Safari takes the click for gone when one waits for it first.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': fetched })]);
    return true;
  } catch {
    return false;
  }
}
