namespace VoiceGateway.Soak;

/// <summary>What became of the function calls.</summary>
/// <param name="Asked">By the model, over all calls and connections.</param>
/// <param name="Answered">Once.</param>
/// <param name="Cancelled">By the model, before an answer.</param>
/// <param name="LeftBehind">The connection ended, or had stopped to listen, before an answer.</param>
/// <param name="Unanswered">On a connection that lived.</param>
/// <param name="AnsweredTwice">Or after the model had its answer.</param>
/// <param name="Repeated">Asked twice by the model, and answered each time.</param>
/// <param name="Wishes">Different orders that the model asked for.</param>
/// <param name="Executed">Once.</param>
/// <param name="ExecutedTwice">For one wish.</param>
/// <param name="NeverExecuted">Though not cancelled, and asked for on a connection that carried it.</param>
/// <param name="Details">Of what is wrong, a line each.</param>
internal sealed record ToolVerdict(
    int Asked, int Answered, int Cancelled, int LeftBehind, int Unanswered, int AnsweredTwice, int Repeated,
    int Wishes, int Executed, int ExecutedTwice, int NeverExecuted, IReadOnlyList<string> Details);
