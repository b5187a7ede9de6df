// Each type of Lower, but for Nothing, knows Upper in one way; the other folders make a circle and stand side by side. None of
// this runs: LayerTests has the check look at it.
#pragma warning disable CS0067, CS0169, CA1822, IDE0044, IDE0051, IDE0059, IDE0060
namespace MbmsMe.Tests.Profile.PlantedArrows
{
    namespace Upper
    {
        internal interface IThing;

        internal enum Kind
        {
            One,
        }

        internal class Thing : IThing
        {
            public static Lower.Nothing Down() => new();

            public static void Run()
            {
            }
        }

        internal sealed class Failure : Exception;

        [AttributeUsage(AttributeTargets.All)]
        internal sealed class MarkAttribute : Attribute;

        internal static class Constants
        {
            public const string Text = "text";
        }

        internal delegate void Handler();
    }

    namespace Lower
    {
        internal sealed class Nothing
        {
            private readonly List<Nothing> _others = [];

            public int Count() => _others.Select(other => other.Count()).Sum();
        }

        internal sealed class ByField
        {
            private Upper.Thing? _thing;
        }

        internal sealed class ByArrayElement
        {
            private Upper.Thing[]? _things;
        }

        internal sealed class ByTypeArgument
        {
            private Dictionary<string, List<Upper.Thing>>? _things;
        }

        internal sealed class ByBaseClass : Upper.Thing;

        internal sealed class ByInterface : Upper.IThing;

        internal sealed class ByConstraint<T>
            where T : Upper.IThing;

        [Upper.Mark]
        internal sealed class ByAttributeOfTheType;

        internal sealed class ByAttributeOfAParameter
        {
            public void Take([Upper.Mark] int value)
            {
            }
        }

        internal sealed class ByParameter
        {
            public void Take(Upper.Kind kind)
            {
            }
        }

        internal sealed class ByResult
        {
            public Upper.Thing? Give() => null;
        }

        internal sealed class ByProperty
        {
            public Upper.Thing? Given { get; }
        }

        internal sealed class ByEvent
        {
            public event Upper.Handler? Raised;
        }

        internal sealed class ByConstruction
        {
            public object Make() => new Upper.Thing();
        }

        internal sealed class ByStaticCall
        {
            public void Run() => Upper.Thing.Run();
        }

        internal sealed class ByLocal
        {
            public void Run(out object? given)
            {
                Upper.Thing? thing = null;
                given = thing;
            }
        }

        internal sealed class ByCast
        {
            public bool Is(object thing) => thing is Upper.IThing;
        }

        internal sealed class ByCatch
        {
            public bool Works(Action run)
            {
                try
                {
                    run();
                    return true;
                }
                catch (Upper.Failure)
                {
                    return false;
                }
            }
        }

        internal sealed class ByTypeOf
        {
            public string Name() => typeof(Upper.Thing).Name;
        }

        internal sealed class ByMethodArgument
        {
            public object Make() => Array.Empty<Upper.Thing>();
        }

        internal sealed class ByNestedType
        {
            private sealed class Inner
            {
                private Upper.Thing? _thing;
            }
        }

        internal sealed class ByLambda
        {
            public Func<object> Make(int seed) => () => seed > 0 ? new Upper.Thing() : this;
        }
    }

    namespace First
    {
        internal sealed class Hand
        {
            private Second.Hand? _other;
        }
    }

    namespace Second
    {
        internal sealed class Hand
        {
            public object Third() => new Third.Hand();
        }
    }

    namespace Third
    {
        internal sealed class Hand
        {
            public void Take(First.Hand hand)
            {
            }
        }
    }

    namespace Beside
    {
        internal sealed class Neighbour
        {
            public object Make() => new Lower.Nothing();
        }
    }
}
