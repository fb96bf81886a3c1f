using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Files;

/// <summary>An open file whose bytes a loaded model depends on.</summary>
/// <param name="path">For messages.</param>
/// <param name="file">The open file.</param>
/// <param name="verified">Its stamp when the checksum was taken.</param>
/// <param name="checksum">Of its bytes: <see cref="FileChecksum"/>.</param>
internal sealed class UnchangedFile(string path, SafeFileHandle file, FileStamp verified, string checksum)
{
    private FileStamp _verified = verified;

    /// <summary>
    /// Looks whether the file is still what it was. Renaming it, deleting it or giving it another date changes the stamp
    /// and not the bytes: then they are read once more.
    /// </summary>
    /// <exception cref="InferenceException">It has other bytes.</exception>
    public void Check()
    {
        var now = FileStamp.Of(file);
        if (now == _verified)
            return;
        if (now.Length != _verified.Length || FileChecksum.Compute(file) != checksum)
            throw new InferenceException($"{path} was changed while the model was loaded: it has to be loaded again.");
        _verified = now;
    }
}
