namespace MbmsMe.Tests.Soak;

/// <summary>How much of what.</summary>
/// <param name="Updates">MSKs created and pushed.</param>
/// <param name="Pulls">Solicited pulls, renewals included.</param>
/// <param name="Renewals">Pulls after which only keys of a new GBA run will do.</param>
/// <param name="Expired">Those of the renewals before which the MUK's lifetime really runs out.</param>
/// <param name="UiccChanges">Restarts with another UICC.</param>
/// <param name="Loss">Share of the datagrams that are lost; as many are doubled and as many reordered.</param>
internal sealed record SoakPlan(int Updates, int Pulls, int Renewals, int Expired, int UiccChanges, double Loss)
{
    /// <summary>
    /// The steps in the order they are taken: half of the updates and pulls under the first UICC, so that one process lives
    /// long enough for its memory to be watched; the rest evenly over the changes of UICC.
    /// </summary>
    public IEnumerable<Step> Steps()
    {
        int lives = UiccChanges + 1;
        int updates = 0;
        int pulls = 0;
        int renewals = 0;
        int expired = 0;
        for (int life = 0; life < lives; life++)
        {
            if (life > 0)
            {
                yield return Step.ChangeUicc;
            }

            double done = lives == 1 ? 1 : 0.5 + (0.5 * life / (lives - 1));
            int updatesNow = (int)(Updates * done);
            int from = updates;
            int pullsBefore = pulls;
            int pullsNow = (int)(Pulls * done);
            while (updates < updatesNow || pulls < pullsNow)
            {
                // The pulls are spread evenly among the updates.
                if (pulls < pullsNow && (updates >= updatesNow || (pulls - pullsBefore) * (long)(updatesNow - from) <= (updates - from) * (long)(pullsNow - pullsBefore)))
                {
                    pulls++;
                    if (renewals * (long)Pulls < Renewals * (long)pulls)
                    {
                        renewals++;
                        bool runsOut = expired * (long)Renewals < Expired * (long)renewals;
                        expired += runsOut ? 1 : 0;
                        yield return runsOut ? Step.PullUnderAnExpiredMuk : Step.PullWithNewGba;
                    }
                    else
                    {
                        yield return Step.Pull;
                    }
                }
                else
                {
                    updates++;
                    yield return Step.Update;
                }
            }
        }
    }
}

/// <summary>What happens next.</summary>
internal enum Step
{
    Update,
    Pull,
    PullWithNewGba,
    PullUnderAnExpiredMuk,
    ChangeUicc,
}
