using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Inference.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public void A_native_library_that_does_not_load_is_told_by_its_cause_in_one_line()
    {
        var cause = new DllNotFoundException("Unable to load shared library 'onnxruntime'.\nlibonnxruntime.so: cannot open shared object file\n");
        var failure = new TypeInitializationException("Microsoft.ML.OnnxRuntime.NativeMethods", cause);

        var reason = NativeLibraryFailure.WhyOf(new TypeInitializationException("OrtEnv", failure));

        Assert.Contains("libonnxruntime.so: cannot open", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("TypeInitialization", reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', reason!);
        Assert.Null(NativeLibraryFailure.WhyOf(new InferenceException("bad_alloc")));
    }
}
