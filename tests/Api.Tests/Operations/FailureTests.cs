using System.Net.Sockets;
using ActorEmbed.Api.CommandLine.Diagnosis;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>Failures that this machine cannot be made to have.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Every_failure_of_a_pull_has_a_reason_and_only_what_may_pass_is_worth_another_start()
    {
        var failures = Enum.GetValues<PullFailure>().Select(failure => LoadFailure.Of(new ModelLoadException("why", new ModelPullException(failure, "why")))).ToList();

        Assert.All(failures, failure => Assert.Matches("^[a-z][A-Za-z]+$", failure.Reason));
        Assert.Equal(
            ["network", "rateLimited", "serverError", "diskFull"],
            failures.Where(failure => failure.ExitCode == ExitCode.ModelUnavailable).Select(failure => failure.Reason));
    }

    [Fact]
    public void A_native_library_that_does_not_load_is_named_with_its_cause()
    {
        var failure = new TypeInitializationException("NativeMethods", new DllNotFoundException(
            "Unable to load shared library. To look into it, set a variable.\n/app/libonnxruntime.so: cannot open shared object file\n/app/more.so: the same"));

        Assert.True(NativeLibraryFailure.IsIn(failure));
        Assert.StartsWith(
            "ONNX Runtime's native library does not load: /app/libonnxruntime.so: cannot open shared object file. ",
            NativeLibraryFailure.Explain(failure), StringComparison.Ordinal);
        Assert.Equal(
            (FailureReason.MissingRuntime, ExitCode.MissingRuntime),
            (LoadFailure.Of(new ModelLoadException("text", failure)).Reason, LoadFailure.Of(failure).ExitCode));
    }

    [Fact]
    public void A_device_that_cannot_be_had_is_another_reason_than_a_model()
    {
        var device = LoadFailure.Of(new ModelLoadException("why") { IsOfDevice = true });

        Assert.Equal(("device", ExitCode.BadModel), (device.Reason, device.ExitCode));
        Assert.Equal("model", LoadFailure.Of(new ModelLoadException("why")).Reason);
    }

    [Theory]
    [InlineData(SocketError.AddressAlreadyInUse, FailureReason.PortInUse)]
    [InlineData(SocketError.AccessDenied, FailureReason.PortReserved)]
    [InlineData(SocketError.AddressNotAvailable, FailureReason.CannotListen)]
    public void A_port_that_is_taken_is_another_reason_than_one_that_is_kept_back(SocketError error, string reason) =>
        Assert.Equal(reason, FailureReason.OfListening(new IOException("cannot bind", new SocketException((int)error))));

    [Fact]
    public void The_doctor_names_the_libraries_of_windows_that_are_missing_or_old()
    {
        static Finding Of(params Version?[] versions) => VisualCppRuntime.Judge(VisualCppRuntime.Libraries.Zip(versions));
        var good = new Version(14, 44, 35211, 0);

        var missing = Of(good, null, good, null);
        var old = Of(new Version(14, 29, 30133, 0), good, good, good);

        Assert.Equal((ExitCode.MissingRuntime, "msvcp140_1.dll, vcruntime140_1.dll missing"), (missing.ExitCode, missing.Found));
        Assert.Contains("msvcp140.dll 14.29", old.Found, StringComparison.Ordinal);
        Assert.NotNull(old.Advice);
        Assert.Null(Of(good, good, good, good).Advice);
    }
}
