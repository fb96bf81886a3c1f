using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Inference.Devices;

/// <summary>What the chip of a Mac is called.</summary>
internal static partial class AppleChip
{
    private const string Unknown = "Apple silicon";

    // "Apple M1" and its successors with their additions.
    private const int MaxNameBytes = 128;

    public static string Name => OperatingSystem.IsMacOS() ? Ask() : Unknown;

    private static string Ask()
    {
        var name = new byte[MaxNameBytes];
        nuint length = MaxNameBytes;
        return Read("machdep.cpu.brand_string", name, ref length, 0, 0) == 0
            ? Encoding.UTF8.GetString(name, 0, (int)length).TrimEnd('\0')
            : Unknown;
    }

    [LibraryImport("libc", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(string name, [Out] byte[] value, ref nuint length, nint newValue, nuint newLength);
}
